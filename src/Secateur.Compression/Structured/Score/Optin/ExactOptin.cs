using Secateur.Models;
using Secateur.Models.Vit;

namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>
/// OPTIN (Khaki &amp; Plataniotis, "The Need for Speed: Pruning Transformers with One Recipe", ICLR 2024, section 3), exactly: every unit is masked once
/// and the rest of the network run, and the unit matters as much as the later blocks' features and the answers move:
/// I = sum over later blocks z of L_MD(F'_z, F_z) + lambda L_KD.
/// </summary>
/// <remarks>A unit of a block needs only what follows it, and its removal changes what enters there by one product. No result depends on how many units
/// share a run, on the batches of the calibration, or on threads.</remarks>
/// <param name="options">Default: the paper's definition.</param>
public sealed class ExactOptin(OptinOptions? options = null) : IScorer
{
    readonly OptinOptions options = options ?? new();

    /// <inheritdoc/>
    public UnitScores Score(Calibration calibration, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        return OptinImportance.Of(Measure(calibration, UnitSelection.All, progress, cancellation), options, IsLanguage(calibration.Network));
    }

    /// <summary>Masks units and measures what moves.</summary>
    /// <param name="calibration">The network and what it looks at.</param>
    /// <param name="units">Which units.</param>
    /// <param name="progress">Told the part of the work that is done, in [0, 1]; default: nobody.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Both losses of every unit that was asked for.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public UnitEffects Measure(Calibration calibration, UnitSelection units, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        ArgumentNullException.ThrowIfNull(units);
        Transformer network = calibration.Network;
        BlockShape[] blocks = [.. network.Blocks];
        int[][] heads = [.. blocks.Select((block, i) => Enumerable.Range(0, block.Heads).Where(head => units.Head(i, head)).ToArray())];
        int[][] neurons = [.. blocks.Select((block, i) => Enumerable.Range(0, block.Neurons).Where(neuron => units.Neuron(i, neuron)).ToArray())];
        var work = new ScoringWork(network.Depth, heads, neurons, progress);
        var trajectory = new Trajectory(calibration, options, IsLanguage(network), cancellation);
        UnitEffects effects = new([.. blocks.Select(block => new UnitEffect?[block.Heads])], [.. blocks.Select(block => new UnitEffect?[block.Neurons])]);
        void MaskHeads(int block) => trajectory.MaskHeads(block, heads[block], effects.Heads[block], work);
        void MaskNeurons(int block) => trajectory.MaskNeurons(block, neurons[block], effects.Neurons[block], work);
        if (options.Compatibility)
        {
            trajectory.Follow(WithoutLastHeads(network), Reach(heads), MaskHeads);
            trajectory.Follow(network, Reach(neurons), MaskNeurons);
        }
        else
            trajectory.Follow(network, Math.Max(Reach(heads), Reach(neurons)), (Action<int>)MaskHeads + MaskNeurons);
        return effects;
    }

    /// <summary>The blocks up to the last that has one of the units.</summary>
    static int Reach(int[][] units) => Array.FindLastIndex(units, block => block.Length > 0) + 1;

    /// <summary>The released code masks a block's heads in turn and never resets the last one, which stays masked while later blocks' heads are.</summary>
    static Transformer WithoutLastHeads(Transformer network)
    {
        StructurePlan whole = StructurePlan.Whole(network);
        return Surgeon.Apply(network, new([.. whole.Layers.Select(layer => layer.Heads.IsEmpty ? layer : layer with { Heads = layer.Heads[..^1] })]));
    }

    static bool IsLanguage(Transformer network) => network is not VisionTransformer;
}
