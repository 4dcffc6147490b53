using Secateur.Kernels;
using Secateur.Models;

namespace Secateur.Compression.Structured.Correct;

/// <summary>Adds what the removed units add on the average to the bias (FLAP; An et al., AAAI 2024, arXiv 2312.11983, "baseline bias compensation").</summary>
public sealed class BiasCompensation : ICorrector
{
    /// <inheritdoc/>
    public StructurePlan Correct(StructurePlan plan, Calibration calibration, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(calibration);
        Transformer network = calibration.Network;
        StructurePlan all = StructurePlan.Whole(network);
        var pruned = new BlockWalk(calibration);
        for (int block = 0; block < network.Depth; block++)
        {
            // 1. What the removed heads add on the average, on tokens from the pruned and corrected blocks before; then the removed neurons.
            cancellation.ThrowIfCancellationRequested();
            LayerPlan layer = Compensate(BlockHalf.Attention, block, plan.Layers[block], all.Layers[block], network, pruned);
            layer = Compensate(BlockHalf.Mlp, block, layer, layer with { Neurons = all.Layers[block].Neurons, NeuronScales = [], MlpBias = [] }, network, pruned);
            plan = plan with { Layers = plan.Layers.SetItem(block, layer) };

            // 2. On to the next block.
            pruned.Pass(BlockWalk.Alone(network, block, layer), block);
            progress?.Report((block + 1.0) / network.Depth);
        }

        return plan;
    }

    /// <param name="half">Heads or neurons.</param>
    /// <param name="block">Of this block.</param>
    /// <param name="layer">What stays.</param>
    /// <param name="before">The layer with every unit of this half.</param>
    /// <param name="network">Unpruned.</param>
    /// <param name="pruned">Stands before this block.</param>
    static LayerPlan Compensate(BlockHalf half, int block, LayerPlan layer, LayerPlan before, Transformer network, BlockWalk pruned)
    {
        BlockShape shape = network.Blocks[block];
        int[] gone = [.. Enumerable.Range(0, half.Units(shape)).Except(half.Kept(layer))];
        if (gone.Length == 0)
            return layer;
        Transformer alone = BlockWalk.Alone(network, block, before);
        int unit = half.UnitColumns(shape), columns = half.Units(shape) * unit;
        var sums = new double[columns];
        long count = 0;
        for (int batch = 0; batch < pruned.Batches; batch++)
        {
            int[] rows = pruned.RowsThatMatter(network, block, batch);
            Matrix activations = half.Activations(pruned.Look(alone, block, batch));
            foreach (int row in rows)
                for (int j = 0; j < columns; j++)
                    sums[j] += activations.Row(row)[j];
            count += rows.Length;
        }

        float[] weight = half.Outgoing(network, block);
        var constant = new double[network.Width];
        foreach (int column in gone.SelectMany(g => Enumerable.Range(g * unit, unit)))
            for (int c = 0; c < network.Width; c++)
                constant[c] += weight[(c * columns) + column] * sums[column] / count;
        return half.Corrected(layer, [], half.Bias(network, block, constant));
    }
}
