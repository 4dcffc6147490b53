using System.Globalization;

namespace Secateur.Benchmarks.Measuring;

/// <summary>What is kept of repeated measurements.</summary>
/// <param name="Median">The middle one.</param>
/// <param name="Low">A quarter of them are below.</param>
/// <param name="High">A quarter of them are above.</param>
internal readonly record struct Spread(double Median, double Low, double High)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0
            ? throw new ArgumentException("Nothing was measured.", nameof(values))
            : new(Quantile(sorted, 0.5), Quantile(sorted, 0.25), Quantile(sorted, 0.75));
    }

    public static double MedianOf(IEnumerable<double> values) => Of(values).Median;

    /// <summary>Median and quartiles in a number format.</summary>
    public string Text(string format) =>
        string.Create(CultureInfo.InvariantCulture, $"{Median.ToString(format, CultureInfo.InvariantCulture)} ({Low.ToString(format, CultureInfo.InvariantCulture)} to {High.ToString(format, CultureInfo.InvariantCulture)})");

    static double Quantile(double[] sorted, double q)
    {
        double at = q * (sorted.Length - 1);
        int below = (int)at;
        return sorted[below] + ((at - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]));
    }
}
