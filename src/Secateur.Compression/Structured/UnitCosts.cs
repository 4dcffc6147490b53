using System.Collections.Immutable;
using Secateur.Models;

namespace Secateur.Compression.Structured;

/// <summary>What a head and a neuron of each block cost, and what is paid anyway, in any one unit: multiply-adds or milliseconds.</summary>
/// <param name="Heads">Of one head, [blocks].</param>
/// <param name="Neurons">Of one neuron, [blocks].</param>
/// <param name="Outside">Of what has neither: embedding and head.</param>
public sealed record UnitCosts(ImmutableArray<double> Heads, ImmutableArray<double> Neurons, double Outside)
{
    /// <summary>Mean multiply-adds of a sequence (OPTIN, released code: 4 s C d + 2 s^2 d for a head, 2 s C for a neuron), averaged over the
    /// sequences themselves rather than computed at their mean length.</summary>
    /// <param name="network">The network.</param>
    /// <param name="lengths">Lengths of sequences, tokens.</param>
    /// <param name="outside">Multiply-adds of embedding and head.</param>
    /// <returns>The costs.</returns>
    public static UnitCosts Macs(Transformer network, ImmutableArray<int> lengths, double outside)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new(
            [.. network.Blocks.Select(block => lengths.Average(s => (double)(block with { Heads = 1 }).AttentionMacs(s, network.Width, 1)))],
            [.. network.Blocks.Select(block => lengths.Average(s => (double)(block with { Neurons = 1 }).MlpMacs(s, network.Width)))],
            outside);
    }

    /// <summary>What a plan costs.</summary>
    /// <param name="plan">Of a network with these blocks.</param>
    /// <returns>Heads, neurons and the rest.</returns>
    public double Of(StructurePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Outside + plan.Layers.Select((layer, block) => (layer.Heads.Length * Heads[block]) + (layer.Neurons.Length * Neurons[block])).Sum();
    }
}
