using Secateur.Evaluation.Pictures;

namespace Secateur.Evaluation.Reports.Charts;

/// <summary>Puts parts of a whole on a line of pixels: evenly, or stretched towards both ends (the logit), where 99% and 99.9% are as far apart as 90% and 99%.</summary>
internal sealed class PartAxis
{
    const double Apart = 24;

    readonly Axis axis;
    readonly double least;
    readonly bool stretched;

    PartAxis(Axis axis, double least, bool stretched) => (this.axis, this.least, this.stretched) = (axis, least, stretched);

    /// <summary>The pixel at the lower end.</summary>
    public double Start => axis.Start;

    /// <summary>The pixel at the upper end.</summary>
    public double End => axis.End;

    /// <summary>The pixel of a part in [0, 1].</summary>
    public double this[double part] => axis[stretched ? Logit(part) : part];

    /// <summary>Parts to mark, rising.</summary>
    public IReadOnlyList<double> Ticks => stretched ? StretchedTicks() : [.. axis.Ticks(6).Where(tick => tick <= 1)];

    /// <summary>Whether an even axis would press what matters against its upper end.</summary>
    /// <param name="dense">What the dense network reaches.</param>
    /// <param name="worst">What the worst plan reaches.</param>
    public static bool Wants(double dense, double worst) => dense > 0.9 && dense - worst > 0.08;

    /// <summary>An even axis.</summary>
    public static PartAxis Even(double from, double to, double start, double end) => new(new(from, to, start, end), 0, false);

    /// <summary>A stretched axis; parts nearer to 0 or 1 than half a picture stand at its end.</summary>
    public static PartAxis Stretched(double from, double to, int pictures, double start, double end)
    {
        double least = 0.5 / Math.Max(1, pictures);
        var ends = new PartAxis(default, least, true);
        (double low, double high) = (ends.Logit(from), ends.Logit(to));
        return new(new(low - (0.04 * (high - low)), high + (0.03 * (high - low)), start, end), least, true);
    }

    double Logit(double part) => Math.Clamp(part, least, 1 - least) is var p ? Math.Log(p / (1 - p)) : 0;

    List<double> StretchedTicks()
    {
        var ticks = new List<double>();
        foreach (double tick in (ReadOnlySpan<double>)[0.5, 0.9, 0.99, 0.999, 0.1, 0.7, 0.8, 0.95, 0.6, 0.98, 0.995, 0.3, 0.2, 0.4, 0.998, 0.9999, 0.01, 0.05])
            if (tick > least && tick < 1 - least && this[tick] <= Start && this[tick] >= End + 6 && ticks.TrueForAll(other => Math.Abs(this[other] - this[tick]) >= Apart))
                ticks.Add(tick);
        ticks.Sort();
        return ticks;
    }
}
