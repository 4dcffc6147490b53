using Secateur.Models;

namespace Secateur.Compression.Structured.Score;

/// <summary>Drawn by a seed for each weight's worth of a unit, whatever the unit does: what every score must beat.</summary>
/// <param name="seed">Of the draw.</param>
public sealed class RandomUnits(int seed = 0) : IScorer
{
    /// <inheritdoc/>
    public UnitScores Score(Calibration calibration, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        cancellation.ThrowIfCancellationRequested();
        var random = new Random(seed);
        UnitScores scores = new(Draw(block => block.Heads, UnitSize.OfHead), Draw(block => block.Neurons, UnitSize.OfNeuron));
        progress?.Report(1);
        return scores;

        float[][] Draw(Func<BlockShape, int> units, Func<BlockShape, int> size) =>
            [.. calibration.Network.Blocks.Select(block => Enumerable.Range(0, units(block)).Select(_ => size(block) * random.NextSingle()).ToArray())];
    }
}
