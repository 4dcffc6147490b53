namespace Secateur.Onnx.Verify;

/// <summary>How far apart two answers are.</summary>
internal static class Difference
{
    /// <summary>The largest difference of two numbers in the same place; infinite where one is not a number.</summary>
    public static double Of(ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs)
    {
        if (ours.Length != theirs.Length)
            return double.PositiveInfinity;
        double difference = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            double apart = Math.Abs((double)ours[i] - theirs[i]);
            if (double.IsNaN(apart))
                return double.PositiveInfinity;
            difference = Math.Max(difference, apart);
        }

        return difference;
    }
}
