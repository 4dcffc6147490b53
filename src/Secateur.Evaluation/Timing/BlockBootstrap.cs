namespace Secateur.Evaluation.Timing;

/// <summary>How sure a median of neighbouring measurements is. Rounds that follow each other see the same machine, so that the ordinary
/// bootstrap, which draws them one by one, would be too sure; drawing whole blocks of neighbours keeps what they share (Künsch, 1989;
/// the ends are joined as Politis and Romano, 1992, do, so that every round is drawn equally often).</summary>
internal static class BlockBootstrap
{
    const int Resamples = 2000;
    const double Outside = 0.025;

    /// <summary>The median and its 95% interval.</summary>
    /// <param name="values">In the order in which they were measured, at least one.</param>
    /// <param name="seed">Draws the blocks; the same seed gives the same interval.</param>
    public static Estimate Median(ReadOnlySpan<double> values, int seed = 0)
    {
        double[] own = values.ToArray(), drawn = new double[own.Length], medians = new double[Resamples];
        double median = MedianOf(own);
        int block = BlockLength(values.Length);
        var random = new Random(seed);
        for (int i = 0; i < Resamples; i++)
        {
            for (int filled = 0; filled < drawn.Length; filled += block)
                for (int start = random.Next(values.Length), k = 0; k < block && filled + k < drawn.Length; k++)
                    drawn[filled + k] = values[(start + k) % values.Length];
            medians[i] = MedianOf(drawn);
        }

        Array.Sort(medians);
        return new(median, Spread.At(medians, Outside), Spread.At(medians, 1 - Outside));
    }

    /// <summary>The median of the ratios of two things that were measured in the same rounds, and its 95% interval.</summary>
    /// <param name="first">Of each round.</param>
    /// <param name="second">Of each round.</param>
    /// <param name="seed">Draws the blocks.</param>
    public static Estimate Ratio(IReadOnlyList<double> first, IReadOnlyList<double> second, int seed) =>
        Median([.. first.Zip(second, (a, b) => a / b)], seed);

    /// <summary>Rounds in a block: the square root of all, so that both blocks and their number grow.</summary>
    internal static int BlockLength(int count) => Math.Max(1, (int)Math.Round(Math.Sqrt(count)));

    /// <summary>Sorts what it is given.</summary>
    static double MedianOf(double[] values)
    {
        Array.Sort(values);
        return Spread.At(values, 0.5);
    }
}
