using Secateur.Models;

namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>Some of a network's units.</summary>
/// <param name="Head">Whether a head (block, index) is one of them.</param>
/// <param name="Neuron">Whether a neuron (block, index) is one of them.</param>
public sealed record UnitSelection(Func<int, int, bool> Head, Func<int, int, bool> Neuron)
{
    /// <summary>All units.</summary>
    public static UnitSelection All { get; } = new(static (_, _) => true, static (_, _) => true);

    /// <summary>All heads, and some neurons of every block.</summary>
    /// <param name="network">Whose.</param>
    /// <param name="neurons">How many a block; all where there are no more.</param>
    /// <param name="seed">Of the draw.</param>
    /// <returns>The units.</returns>
    public static UnitSelection Sample(Transformer network, int neurons, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(network);
        var random = new Random(seed);
        HashSet<int>[] drawn = [.. network.Blocks.Select(block =>
        {
            int[] all = [.. Enumerable.Range(0, block.Neurons)];
            random.Shuffle(all);
            return all.Take(neurons).ToHashSet();
        })];
        return new(static (_, _) => true, (block, neuron) => drawn[block].Contains(neuron));
    }
}
