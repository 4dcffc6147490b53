using System.Collections.Immutable;
using Secateur.Compression.Structured.Score;
using Secateur.Kernels;
using Secateur.Models;

namespace Secateur.Compression.Structured.Correct;

/// <summary>Exchanges units within each layer so that together they matter least (mask rearrangement; Kwon et al., "A Fast Post-Training Pruning
/// Framework for Transformers", NeurIPS 2022, section 4.2): as many heads and neurons go from each block as before, but not the same ones.</summary>
/// <remarks>A layer that changes loses its scales and additions to biases: they belong after this.</remarks>
/// <param name="batches">Whether gradients are summed over each batch of the calibration, as in the released code (batches of 32); default: every
/// sequence is a sample of its own, as for <see cref="Fisher"/>.</param>
public sealed class Rearrange(bool batches = false) : ICorrector
{
    /// <inheritdoc/>
    public StructurePlan Correct(StructurePlan plan, Calibration calibration, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(calibration);
        Transformer network = calibration.Network;

        // 1. Gradients of the loss with respect to masks, one vector a sample.
        List<float[]>[] heads = [.. network.Blocks.Select(_ => new List<float[]>())], neurons = [.. network.Blocks.Select(_ => new List<float[]>())];
        TaskGradients.Of(network, calibration.Batches, Add, progress, cancellation);

        // 2. Layer by layer: neither changes what goes from the others.
        ImmutableArray<LayerPlan>.Builder layers = plan.Layers.ToBuilder();
        for (int block = 0; block < layers.Count; block++)
        {
            cancellation.ThrowIfCancellationRequested();
            layers[block] = Exchange(BlockHalf.Attention, layers[block], heads[block]);
            layers[block] = Exchange(BlockHalf.Mlp, layers[block], neurons[block]);
        }

        return plan with { Layers = layers.MoveToImmutable() };

        void Add(int block, Matrix ofHeads, Matrix ofNeurons)
        {
            heads[block].AddRange(Samples(ofHeads));
            neurons[block].AddRange(Samples(ofNeurons));
        }
    }

    /// <summary>Which units go: as few of || sum over them of g ||^2 as a greedy walk finds, never more than the units of least Fisher information.</summary>
    /// <param name="gradients">g, one vector over samples a unit.</param>
    /// <param name="count">How many go.</param>
    /// <returns>Ascending.</returns>
    internal static ImmutableArray<int> Pruned(double[][] gradients, int count)
    {
        // 1. Start from the units of least Fisher information.
        double[] fisher = [.. gradients.Select(g => ConjugateGradients.Dot(g, g))];
        int[] order = [.. Enumerable.Range(0, fisher.Length).OrderBy(i => fisher[i])];
        List<int> pruned = [.. order.AsSpan(0, count)];
        double[] sum = [.. Enumerable.Range(0, gradients.Length == 0 ? 0 : gradients[0].Length).Select(s => pruned.Sum(i => gradients[i][s]))];
        foreach (int unit in count == 0 ? [] : order.AsSpan(count))
        {
            // 2. Add the next.
            pruned.Add(unit);
            Accumulate(gradients[unit], 1);

            // 3. Take away the one without which the rest is least: || sum - g ||^2 = || sum ||^2 + || g ||^2 - 2 sum . g.
            int best = 0;
            double least = double.PositiveInfinity;
            for (int i = 0; i < pruned.Count; i++)
                if (fisher[pruned[i]] - (2 * ConjugateGradients.Dot(sum, gradients[pruned[i]])) is var rest && rest < least)
                    (best, least) = (i, rest);
            Accumulate(gradients[pruned[best]], -1);
            pruned.RemoveAt(best);
        }

        return [.. pruned.Order()];

        void Accumulate(double[] gradient, double sign)
        {
            for (int s = 0; s < sum.Length; s++)
                sum[s] += sign * gradient[s];
        }
    }

    static LayerPlan Exchange(BlockHalf half, LayerPlan layer, List<float[]> samples)
    {
        int units = samples[0].Length;
        double[][] gradients = [.. Enumerable.Range(0, units).Select(i => samples.Select(sample => (double)sample[i]).ToArray())];
        ImmutableArray<int> kept = [.. Enumerable.Range(0, units).Except(Pruned(gradients, units - half.Kept(layer).Length))];
        return kept.SequenceEqual(half.Kept(layer)) ? layer : half.Keeping(layer, kept);
    }

    float[][] Samples(Matrix gradients)
    {
        float[][] sequences = [.. Enumerable.Range(0, gradients.Rows).Select(s => gradients.Row(s).ToArray())];
        return batches ? [sequences.Aggregate(static (a, b) => [.. a.Zip(b, static (x, y) => x + y)])] : sequences;
    }
}
