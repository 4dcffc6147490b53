using System.Collections.Immutable;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>The published placements of Zero-TPrune, carried over to networks of other depths and numbers of patches.</summary>
/// <remarks>They were made for 12 blocks and 196 patches. A stage after block b of 12 stands after block b * depth / 12 (rounded, halves to
/// even) of another network, moved where needed so that stages stay apart and none but one published so stands after the last block; a network
/// with fewer places than stages gets the first ones. The bulk of 10 of 196 is scaled with the patches.</remarks>
internal static class ZeroTPrunePlans
{
    const int PublishedDepth = 12;
    const int PublishedPatches = 196;
    static readonly int[] Blocks = [1, 3, 6, 9, 11];
    static readonly int[] Iterations = [30, 5, 5, 1, 1];

    /// <summary>After blocks 1, 3, 6, 9 and 11 keep 1, .9, .8, .7 and 1, after a bulk of 10 each; 30, 5, 5, 1 and 1 votes, none where the rate is 1.</summary>
    /// <param name="name">Of the plan.</param>
    /// <param name="depth">Blocks of the network.</param>
    /// <param name="patches">Of its images.</param>
    /// <param name="strength">What the importance stages remove, as a multiple of the default's .1, .2 and .3.</param>
    /// <param name="bulks">Similar tokens dropped at each stage, of 196; null for 10 each.</param>
    /// <param name="options">What all stages share besides bulk and votes; null for the defaults.</param>
    internal static TokenPlan Default(
        string name, int depth, int patches, double strength = 1, int[]? bulks = null, ZeroTPruneOptions? options = null)
    {
        double[] removed = [0, .1, .2, .3, 0];
        bulks ??= [10, 10, 10, 10, 10];
        int[] blocks = Places(Blocks, depth);
        return new(name, [.. blocks.Select((block, i) => new TokenStage(block - 1, TokenPosition.AfterBlock, new ZeroTPrune((options ?? new()) with
        {
            Similar = (int)Math.Round(bulks[i] * (double)patches / PublishedPatches),
            Iterations = strength * removed[i] == 0 ? 0 : Iterations[i],
        }))
        {
            Keep = Math.Round(1 - (strength * removed[i]), 6),
        })]);
    }

    /// <summary>The early form: importance alone, after these blocks of 12 (from 1) with these rates.</summary>
    internal static TokenPlan Early(string name, int depth, int[] blocks, double[] rates, int iterations)
    {
        var reducer = new ZeroTPruneEarly(new() { Iterations = iterations });
        return new(name, [.. Places(blocks, depth).Select((block, i) =>
            new TokenStage(block - 1, TokenPosition.AfterBlock, reducer) { Keep = rates[i] })]);
    }

    /// <summary>As many tokens go at the same places as in the default, drawn at random: another draw at each place.</summary>
    internal static TokenPlan RandomDrop(int depth, int patches)
    {
        var stages = ImmutableArray.CreateBuilder<TokenStage>();
        foreach (TokenStage stage in Default("", depth, patches).Stages)
        {
            int go = stage.CountToRemove(patches);
            patches -= go;
            stages.Add(new(stage.Block, stage.Position, new RandomDrop(new() { Seed = stages.Count })) { Remove = go });
        }

        return new("random-drop", stages.ToImmutable());
    }

    /// <summary>Blocks of 12 (from 1) in a network of another depth.</summary>
    internal static int[] Places(int[] blocks, int depth)
    {
        int last = blocks[^1] == PublishedDepth ? depth : depth - 1;
        var places = new int[Math.Min(blocks.Length, Math.Max(0, last))];
        for (int i = 0; i < places.Length; i++)
        {
            int scaled = (int)Math.Round(blocks[i] * (double)depth / PublishedDepth);
            places[i] = Math.Max(scaled, i == 0 ? 1 : places[i - 1] + 1);
        }

        for (int i = places.Length - 1; i >= 0; i--)
            places[i] = Math.Min(places[i], last - (places.Length - 1 - i));
        return places;
    }
}
