using System.Collections.Immutable;
using Secateur.Models;

namespace Secateur.Compression.Structured;

/// <summary>What stays of a network: a value that can be saved, compared, corrected, and applied by <see cref="Surgeon"/>.</summary>
/// <param name="Layers">One a block.</param>
public sealed record StructurePlan(ImmutableArray<LayerPlan> Layers)
{
    /// <summary>Where it comes from; null where it was written by hand.</summary>
    public StructurePlanOrigin? Origin { get; init; }

    /// <summary>Everything stays.</summary>
    /// <param name="network">The network.</param>
    /// <returns>The identity.</returns>
    public static StructurePlan Whole(Transformer network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new([.. network.Blocks.Select(block => new LayerPlan([.. Enumerable.Range(0, block.Heads)], [.. Enumerable.Range(0, block.Neurons)]))]);
    }
}
