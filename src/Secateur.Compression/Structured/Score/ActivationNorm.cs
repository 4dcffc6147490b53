using Secateur.Models;

namespace Secateur.Compression.Structured.Score;

/// <summary>Magnitudes of outgoing weights, each times the norm of the activation that it carries (Wanda: Sun et al., "A Simple and Effective Pruning
/// Approach for Large Language Models", ICLR 2024, section 3, equation 1), summed over a unit.</summary>
/// <remarks>The paper scores single weights and compares them within an output. Summing over the weights of a head or a neuron and comparing across
/// blocks is ours; the norm is a token's mean, so that scores do not grow with the calibration.</remarks>
public sealed class ActivationNorm : IScorer
{
    /// <inheritdoc/>
    public UnitScores Score(Calibration calibration, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        Transformer network = calibration.Network;
        UnitScores scores = new(new float[network.Depth][], new float[network.Depth][]);
        ActivationMoments.Visit(
            calibration,
            (block, heads, neurons) =>
            {
                BlockShape shape = network.Blocks[block];
                var weights = new BlockWeights(network, block);
                scores.Heads[block] = [.. Enumerable.Range(0, shape.Heads).Select(head => (float)Enumerable.Range(0, shape.HeadDim).Sum(column =>
                    Math.Sqrt(heads.MeanSquare((head * shape.HeadDim) + column)) * Magnitude(weights.OfHead(head).Slice(column * network.Width, network.Width))))];
                scores.Neurons[block] = [.. Enumerable.Range(0, shape.Neurons).Select(neuron => (float)(Math.Sqrt(neurons.MeanSquare(neuron)) * Magnitude(weights.OfNeuron(neuron).Span)))];
            },
            progress,
            cancellation);
        return scores;
    }

    static double Magnitude(ReadOnlySpan<float> weights)
    {
        double sum = 0;
        foreach (float weight in weights)
            sum += Math.Abs(weight);
        return sum;
    }
}
