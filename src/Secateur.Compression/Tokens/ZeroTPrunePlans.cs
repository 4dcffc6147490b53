using System.Collections.Immutable;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>The published placements of Zero-TPrune, carried over to networks of other depths and numbers of patches.</summary>
/// <remarks>They were made for 12 blocks and 196 patches. A stage after block b of 12 stands after block b * depth / 12 (rounded, halves to
/// even) of another network, moved where needed so that stages stay apart and none but one published so stands after the last block; a network
/// with fewer places than stages gets the first ones. The bulk of 10 of 196 is scaled with the patches.</remarks>
internal static class ZeroTPrunePlans
{
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
        int[] blocks = TokenPlaces.Of12(Blocks, depth);
        return new(name, [.. blocks.Select((block, i) => new TokenStage(block - 1, TokenPosition.AfterBlock, new ZeroTPrune((options ?? new()) with
        {
            Similar = (int)Math.Round(bulks[i] * (double)patches / PublishedPatches),
            Iterations = strength * removed[i] == 0 ? 0 : Iterations[i],
        }))
        {
            Keep = Math.Round(1 - (strength * removed[i]), 6),
        })]);
    }

    /// <summary>From nothing to very much: the bulks grow first, then the rates of the default in proportion.</summary>
    internal static TokenPlan Family(int depth, int patches, double strength)
    {
        int bulk = (int)Math.Round(10 * Math.Min(1, 4 * strength));
        return Default("zero-tprune", depth, patches, 3 * Math.Max(0, strength - 0.1) / 0.9, [bulk, bulk, bulk, bulk, bulk]);
    }

    /// <summary>The early form: importance alone, after these blocks of 12 (from 1) with these rates.</summary>
    internal static TokenPlan Early(string name, int depth, int[] blocks, double[] rates, int iterations)
    {
        var reducer = new ZeroTPruneEarly(new() { Iterations = iterations });
        return new(name, [.. TokenPlaces.Of12(blocks, depth).Select((block, i) =>
            new TokenStage(block - 1, TokenPosition.AfterBlock, reducer) { Keep = rates[i] })]);
    }

    /// <summary>As many tokens go at the same places as in the default, drawn at random: another draw at each place.</summary>
    internal static TokenPlan RandomDrop(int depth, int patches) => RandomDrop(Default("", depth, patches), patches);

    /// <summary>As many tokens go at the same places as in another plan.</summary>
    internal static TokenPlan RandomDrop(TokenPlan like, int patches)
    {
        var stages = ImmutableArray.CreateBuilder<TokenStage>();
        foreach (TokenStage stage in like.Stages)
        {
            int go = stage.CountToRemove(patches);
            patches -= go;
            stages.Add(new(stage.Block, stage.Position, new RandomDrop(new() { Seed = stages.Count })) { Remove = go });
        }

        return new("random-drop", stages.ToImmutable());
    }
}
