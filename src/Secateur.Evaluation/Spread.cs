namespace Secateur.Evaluation;

/// <summary>A measured quantity: the median, and the quartiles around it.</summary>
/// <param name="Median">Half of the measurements are below.</param>
/// <param name="Lower">A quarter of the measurements is below.</param>
/// <param name="Upper">A quarter of the measurements is above.</param>
public readonly record struct Spread(double Median, double Lower, double Upper)
{
    /// <summary>The spread of some measurements; between two of them it is interpolated.</summary>
    /// <param name="measurements">In any order, at least one.</param>
    /// <returns>Their median and quartiles.</returns>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Spread Of(IEnumerable<double> measurements)
    {
        double[] sorted = [.. measurements.Order()];
        if (sorted.Length == 0)
            throw new ArgumentException("There is nothing to take the median of.", nameof(measurements));
        return new(At(sorted, 0.5), At(sorted, 0.25), At(sorted, 0.75));
    }

    /// <summary>The value that a part of all measurements does not exceed.</summary>
    /// <param name="sorted">By rising value, at least one.</param>
    /// <param name="part">In [0, 1].</param>
    internal static double At(double[] sorted, double part)
    {
        double place = part * (sorted.Length - 1);
        int below = (int)place;
        return below + 1 < sorted.Length ? double.Lerp(sorted[below], sorted[below + 1], place - below) : sorted[below];
    }
}
