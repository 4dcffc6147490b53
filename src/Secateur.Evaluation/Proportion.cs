namespace Secateur.Evaluation;

/// <summary>How many of a number of pictures: the part, and how sure it is.</summary>
/// <param name="Count">How many.</param>
/// <param name="Of">Of how many.</param>
public readonly record struct Proportion(int Count, int Of)
{
    /// <summary>The part, in [0, 1]; NaN of none.</summary>
    public double Part => (double)Count / Of;

    /// <summary>The 95% interval of Wilson (1927), which holds near 0 and 1 too.</summary>
    public (double Low, double High) Interval
    {
        get
        {
            const double z = 1.959964, z2 = z * z;
            double n = Of, p = Part, middle = p + (z2 / (2 * n)), half = z * Math.Sqrt((p * (1 - p) / n) + (z2 / (4 * n * n))), scale = 1 + (z2 / n);
            return (Math.Max(0, (middle - half) / scale), Math.Min(1, (middle + half) / scale));
        }
    }
}
