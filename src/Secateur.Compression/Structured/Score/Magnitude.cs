namespace Secateur.Compression.Structured.Score;

/// <summary>The sum of a unit's absolute weights, no data looked at (Li et al., "Pruning Filters for Efficient ConvNets", ICLR 2017, section 3.1, for
/// filters; here of all weights into and out of a head or a neuron, LayerScale included).</summary>
public sealed class Magnitude : IScorer
{
    /// <inheritdoc/>
    public UnitScores Score(Calibration calibration, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        int depth = calibration.Network.Depth;
        (float[][] heads, float[][] neurons) = (new float[depth][], new float[depth][]);
        for (int block = 0; block < depth; block++)
        {
            cancellation.ThrowIfCancellationRequested();
            var weights = new BlockWeights(calibration.Network, block);
            heads[block] = [.. Enumerable.Range(0, calibration.Network.Blocks[block].Heads).Select(head => (float)weights.AllOfHead(head).Sum(w => (double)Math.Abs(w)))];
            neurons[block] = [.. Enumerable.Range(0, calibration.Network.Blocks[block].Neurons).Select(neuron => (float)weights.AllOfNeuron(neuron).Sum(w => (double)Math.Abs(w)))];
            progress?.Report((block + 1.0) / depth);
        }

        return new(heads, neurons);
    }
}
