namespace Secateur.Onnx.Verify;

/// <summary>How far apart two answers are.</summary>
internal static class Difference
{
    /// <summary>The largest difference, in units of the largest magnitude of ours or of 1 where that is less; infinite where one is not a number.</summary>
    public static double Of(ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs)
    {
        if (ours.Length != theirs.Length)
            return double.PositiveInfinity;
        double largest = 1, difference = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            double apart = Math.Abs((double)ours[i] - theirs[i]);
            if (double.IsNaN(apart))
                return double.PositiveInfinity;
            (largest, difference) = (Math.Max(largest, Math.Abs((double)ours[i])), Math.Max(difference, apart));
        }

        return difference / largest;
    }
}
