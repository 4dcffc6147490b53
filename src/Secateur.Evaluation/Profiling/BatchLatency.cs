using System.Collections.Immutable;

namespace Secateur.Evaluation.Profiling;

/// <summary>The latency of one batch size against the number of tokens.</summary>
/// <param name="Batch">Pictures in a run.</param>
/// <param name="Points">What was measured, by rising number of tokens.</param>
public sealed record BatchLatency(int Batch, ImmutableArray<LatencyPoint> Points)
{
    /// <summary>Where the latency jumps beyond the noise; empty where it nowhere does.</summary>
    public ImmutableArray<LatencyStep> Steps { get; init; } = [];

    /// <summary>Where one more token costs most: the largest step, or else the stretch that is steeper than the rest beyond the noise; null where none is.</summary>
    public TokenCost? Dearest { get; init; }

    /// <summary>What one more token costs in the middle (the median slope), milliseconds; null with fewer than two points.</summary>
    public double? TokenMilliseconds { get; init; }

    /// <summary>What the blocks take with fewer heads and neurons; null where it was not measured.</summary>
    public WidthLatency? Widths { get; init; }

    /// <summary>The single runs while the profile is not finished, so that measuring can go on; empty afterwards.</summary>
    public ImmutableArray<LatencySample> Samples { get; init; } = [];

    /// <summary>Milliseconds of the whole network, on straight lines between the points; beyond them the first or last line goes on.</summary>
    /// <param name="tokens">Tokens in every block, those of the prefix included.</param>
    /// <returns>Milliseconds, not negative.</returns>
    public double Latency(double tokens) => Interpolate(tokens, static (point, _) => point.Milliseconds.Median, 0);

    /// <summary>Milliseconds of one block, interpolated as <see cref="Latency"/>.</summary>
    /// <param name="block">Index of the block.</param>
    /// <param name="tokens">Tokens that enter it.</param>
    /// <returns>Milliseconds.</returns>
    public BlockLatency Block(int block, double tokens) => new(
        Interpolate(tokens, static (point, b) => point.Blocks[b].Attention, block), Interpolate(tokens, static (point, b) => point.Blocks[b].Mlp, block));

    /// <summary>Milliseconds outside the blocks, interpolated as <see cref="Latency"/>.</summary>
    /// <param name="tokens">Tokens that leave the last block.</param>
    /// <returns>Milliseconds.</returns>
    public double Outside(double tokens) => Interpolate(tokens, static (point, _) => point.Outside, 0);

    double Interpolate(double tokens, Func<LatencyPoint, int, double> of, int block)
    {
        if (Points.IsEmpty)
            throw new InvalidOperationException($"Nothing was measured yet at batch {Batch}.");
        if (Points.Length == 1)
            return of(Points[0], block);
        int low = 0, high = Points.Length - 1;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = Points[middle].Tokens <= tokens ? (middle, high) : (low, middle);
        }

        LatencyPoint below = Points[low], above = Points[high];
        return Math.Max(0, double.Lerp(of(below, block), of(above, block), (tokens - below.Tokens) / (above.Tokens - below.Tokens)));
    }
}
