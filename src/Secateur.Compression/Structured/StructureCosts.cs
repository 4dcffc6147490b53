using System.Collections.Immutable;
using Secateur.Models;

namespace Secateur.Compression.Structured;

/// <summary>What each block costs with every number of heads and of neurons, and what is paid anyway, in any one unit: multiply-adds or milliseconds.</summary>
/// <param name="Attention">Of a block's attention, [blocks][heads + 1]: by how many heads stay.</param>
/// <param name="Mlp">Of a block's MLP, [blocks][neurons + 1]: by how many neurons stay.</param>
/// <param name="Outside">Of what has neither: embedding and head.</param>
public sealed record StructureCosts(ImmutableArray<ImmutableArray<double>> Attention, ImmutableArray<ImmutableArray<double>> Mlp, double Outside)
{
    /// <summary>Of the network as it is.</summary>
    public double Whole => Outside + Attention.Sum(table => table[^1]) + Mlp.Sum(table => table[^1]);

    /// <summary>Of a network without heads and neurons: no plan costs less, as long as no unit costs less than nothing.</summary>
    public double Least => Outside + Attention.Sum(table => table[0]) + Mlp.Sum(table => table[0]);

    /// <summary>Mean multiply-adds of a sequence (OPTIN, released code: 4 s C d + 2 s^2 d for a head, 2 s C for a neuron), averaged over the
    /// sequences themselves rather than computed at their mean length.</summary>
    /// <param name="network">The network.</param>
    /// <param name="lengths">Lengths of sequences, tokens.</param>
    /// <param name="outside">Multiply-adds of embedding and head.</param>
    /// <returns>The costs; every head and neuron of a block costs the same.</returns>
    public static StructureCosts Macs(Transformer network, ImmutableArray<int> lengths, double outside)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Linear(
            [.. network.Blocks.Select(block => (block.Heads, lengths.Average(s => (double)(block with { Heads = 1 }).AttentionMacs(s, network.Width, 1))))],
            [.. network.Blocks.Select(block => (block.Neurons, lengths.Average(s => (double)(block with { Neurons = 1 }).MlpMacs(s, network.Width))))],
            outside);
    }

    /// <summary>Costs that rise by the same for each unit of a block, from zero.</summary>
    /// <param name="heads">How many there are and what one costs, [blocks].</param>
    /// <param name="neurons">How many there are and what one costs, [blocks].</param>
    /// <param name="outside">What is paid anyway.</param>
    /// <returns>The costs.</returns>
    public static StructureCosts Linear(ImmutableArray<(int Count, double Cost)> heads, ImmutableArray<(int Count, double Cost)> neurons, double outside)
    {
        return new([.. heads.Select(Table)], [.. neurons.Select(Table)], outside);

        static ImmutableArray<double> Table((int Count, double Cost) units) => [.. Enumerable.Range(0, units.Count + 1).Select(n => n * units.Cost)];
    }

    /// <summary>What a plan costs.</summary>
    /// <param name="plan">Of a network with these blocks.</param>
    /// <returns>Heads, neurons and the rest.</returns>
    public double Of(StructurePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Outside + plan.Layers.Select((layer, block) => Attention[block][layer.Heads.Length]).Sum()
            + plan.Layers.Select((layer, block) => Mlp[block][layer.Neurons.Length]).Sum();
    }
}
