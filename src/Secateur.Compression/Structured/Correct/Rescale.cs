using Secateur.Kernels;
using Secateur.Models;

namespace Secateur.Compression.Structured.Correct;

/// <summary>Scales what stays so that each layer comes nearest to what the unpruned one yields (mask tuning; Kwon et al., NeurIPS 2022, section 4.3).</summary>
/// <param name="options">Null for the usual ones.</param>
public sealed class Rescale(RescaleOptions? options = null) : ICorrector
{
    const double Limit = 10;

    readonly RescaleOptions options = options ?? new();

    /// <inheritdoc/>
    public StructurePlan Correct(StructurePlan plan, Calibration calibration, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(calibration);
        Transformer network = calibration.Network;
        StructurePlan whole = options.Teacher ?? StructurePlan.Whole(network);
        Transformer teacher = options.Teacher is null ? network : Surgeon.Apply(network, whole);
        BlockWalk ours = new(calibration), its = new(calibration);
        bool differs = false;
        for (int block = 0; block < network.Depth; block++)
        {
            // 1. Heads, then neurons: each against the unpruned layer, on what the pruned and corrected ones before it yield.
            foreach (BlockHalf half in new[] { BlockHalf.Attention, BlockHalf.Mlp })
            {
                cancellation.ThrowIfCancellationRequested();
                LayerPlan layer = plan.Layers[block];
                differs |= !half.Kept(layer).SequenceEqual(half.Kept(whole.Layers[block]));
                if (!differs)
                    continue; // still the same as the teacher
                if (Fit(half, block, layer, network, ours, teacher, its) is not { } corrected)
                    return plan; // 3. As released: where a scale leaves [-10, 10], this layer and the later ones stay as they are.
                plan = plan with { Layers = plan.Layers.SetItem(block, corrected) };
            }

            // 2. On to the next block.
            ours.Pass(BlockWalk.Alone(network, block, plan.Layers[block]), block);
            its.Pass(teacher, block);
            progress?.Report((block + 1.0) / network.Depth);
        }

        return plan;
    }

    /// <summary>Least squares between what the kept units add to the pruned network's tokens and what brings these to the teacher's.</summary>
    LayerPlan? Fit(BlockHalf half, int block, LayerPlan layer, Transformer network, BlockWalk ours, Transformer teacher, BlockWalk its)
    {
        Transformer alone = BlockWalk.Alone(network, block, layer);
        float[] kept = half.Outgoing(alone, block), all = half.Outgoing(teacher, block), bias = half.Constant(alone, block);
        var equations = new ScaleEquations(network.Threads, kept, network.Width, half.UnitColumns(network.Blocks[block]));
        PackedMatrix allPacked = KernelSet.Default.Pack(all, network.Width, all.Length / network.Width);
        for (int batch = 0; batch < ours.Batches; batch++)
        {
            BlockActivations seenIts = its.Look(teacher, block, batch), seen = ours.Look(alone, block, batch);
            Matrix wanted = Matrix.Allocate(seenIts.Rows, network.Width);
            KernelSet.Default.Multiply(network.Threads, half.Activations(seenIts), allPacked, wanted, new() { Bias = half.Constant(teacher, block), Residual = half.Residual(seenIts) });
            int[] rows = its.RowsThatMatter(network, block, batch);
            Matrix target = Matrix.Allocate(rows.Length, network.Width), activations = Matrix.Allocate(rows.Length, half.Activations(seen).Columns);
            for (int i = 0; i < rows.Length; i++)
            {
                half.Activations(seen).Row(rows[i]).CopyTo(activations.Row(i));
                Span<float> to = target.Row(i), from = wanted.Row(rows[i]), residual = half.Residual(seen).Row(rows[i]);
                for (int c = 0; c < to.Length; c++)
                    to[c] = from[c] - residual[c] - bias[c];
            }

            equations.Add(activations, target);
        }

        if (equations.Solve(options.Damping, Limit, options.Intercept, insist: !options.StopsAtLimit) is not { } found)
            return null;
        return half.Corrected(layer, [.. found.Scales.Select(scale => (float)scale)], options.Intercept ? half.Bias(network, block, found.Constant) : []);
    }
}
