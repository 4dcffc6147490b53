using Secateur.Models;

namespace Secateur.Compression.Structured.Score;

/// <summary>Drawn by a seed, whatever a unit does: what every score must beat.</summary>
/// <param name="seed">Of the draw.</param>
public sealed class RandomUnits(int seed = 0) : IScorer
{
    /// <inheritdoc/>
    public UnitScores Score(Calibration calibration, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        cancellation.ThrowIfCancellationRequested();
        var random = new Random(seed);
        UnitScores scores = new(Draw(block => block.Heads), Draw(block => block.Neurons));
        progress?.Report(1);
        return scores;

        float[][] Draw(Func<BlockShape, int> units) => [.. calibration.Network.Blocks.Select(block => Enumerable.Range(0, units(block)).Select(_ => random.NextSingle()).ToArray())];
    }
}
