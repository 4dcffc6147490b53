namespace Secateur.Evaluation.Timing;

/// <summary>Milliseconds that half, 95 and 99 of a hundred runs do not exceed.</summary>
public readonly record struct Percentiles(double P50, double P95, double P99)
{
    /// <summary>The percentiles of some measurements; between two of them they are interpolated.</summary>
    /// <param name="measurements">In any order, at least one.</param>
    /// <returns>Their percentiles. Of fewer than a hundred, the 99th is hardly less than the slowest.</returns>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Percentiles Of(IEnumerable<double> measurements)
    {
        double[] sorted = [.. measurements.Order()];
        if (sorted.Length == 0)
            throw new ArgumentException("There is nothing to take percentiles of.", nameof(measurements));
        return new(Spread.At(sorted, 0.5), Spread.At(sorted, 0.95), Spread.At(sorted, 0.99));
    }
}
