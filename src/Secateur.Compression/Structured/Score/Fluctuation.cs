using Secateur.Models;

namespace Secateur.Compression.Structured.Score;

/// <summary>How much a unit's contribution fluctuates around its mean, which a bias could stand in for (FLAP: An et al., "Fluctuation-based Adaptive
/// Structured Pruning for Large Language Models", AAAI 2024: weighted input feature variance). 1. The variance of each activation over the tokens,
/// times the squared norm of its outgoing weights. 2. Standardised within a block, columns of heads and neurons apart, so that blocks compare. 3. A head
/// has the mean of its columns. 4. Heads and neurons of all blocks are pooled, each with as much weight as it has weights.</summary>
/// <remarks>Ours: standardised scores are moved up by one constant, so that the smallest is 0 and the order stays: totals are compared when a budget is
/// spent, and a unit below the mean is worth more than none.</remarks>
public sealed class Fluctuation : IScorer
{
    /// <inheritdoc/>
    public UnitScores Score(Calibration calibration, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        Transformer network = calibration.Network;
        (double[][] heads, double[][] neurons) = (new double[network.Depth][], new double[network.Depth][]);
        ActivationMoments.Visit(
            calibration,
            (block, headColumns, neuronColumns) =>
            {
                BlockShape shape = network.Blocks[block];
                var weights = new BlockWeights(network, block);
                double[] columns = Standardised([.. Enumerable.Range(0, shape.Heads).SelectMany(head => Enumerable.Range(0, shape.HeadDim).Select(column =>
                    headColumns.Variance((head * shape.HeadDim) + column) * Squares(weights.OfHead(head).Slice(column * network.Width, network.Width))))]);
                heads[block] = [.. columns.Chunk(shape.HeadDim).Select(head => head.Average())];
                neurons[block] = Standardised([.. Enumerable.Range(0, shape.Neurons).Select(neuron => neuronColumns.Variance(neuron) * Squares(weights.OfNeuron(neuron).Span))]);
            },
            progress,
            cancellation);
        double smallest = heads.Concat(neurons).SelectMany(block => block).DefaultIfEmpty().Min();
        return new(Weighed(heads, UnitSize.OfHead), Weighed(neurons, UnitSize.OfNeuron));

        float[][] Weighed(double[][] scores, Func<BlockShape, int> size) => [.. scores.Select((units, block) => units.Select(score => (float)((score - smallest) * size(network.Blocks[block]))).ToArray())];
    }

    static double Squares(ReadOnlySpan<float> weights)
    {
        double sum = 0;
        foreach (float weight in weights)
            sum += (double)weight * weight;
        return sum;
    }

    /// <summary>To mean 0 and variance 1; equal scores to 0.</summary>
    static double[] Standardised(double[] scores)
    {
        if (scores.Length == 0)
            return scores;
        double mean = scores.Average(), deviation = Math.Sqrt(scores.Average(score => (score - mean) * (score - mean)));
        return [.. scores.Select(score => deviation > 0 ? (score - mean) / deviation : 0)];
    }
}
