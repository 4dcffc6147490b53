using System.Collections.Immutable;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>The published counts of DiffRate for DeiT-S at 2.9 GFLOPs, carried over to networks of other depths and numbers of patches.</summary>
internal static class DiffRatePlans
{
    const double PublishedPatches = 196;

    // Patches (without the class token) left in each of 12 blocks after pruning, and after merging.
    static readonly int[] Pruned = [196, 195, 189, 167, 149, 138, 128, 116, 98, 77, 57, 2];
    static readonly int[] Merged = [196, 193, 175, 155, 140, 132, 120, 106, 87, 63, 55, 2];

    /// <summary>The published counts; in another network the same shares at the same depths, and at another strength so many times what had gone.</summary>
    /// <param name="name">Of the plan.</param>
    /// <param name="depth">Blocks of the network.</param>
    /// <param name="patches">Of its images.</param>
    /// <param name="strength">1 for the published counts.</param>
    internal static TokenPlan Published(string name, int depth, int patches, double strength = 1)
    {
        var stages = ImmutableArray.CreateBuilder<TokenStage>();
        int left = patches;
        for (int block = 0; block < depth; block++)
        {
            int merged = Left(Merged), pruned = Left(Pruned);
            if (left > merged)
                stages.Add(new(block, TokenPosition.AfterAttention, new DiffRate(new() { Merge = Math.Clamp(pruned - merged, 0, left - merged) })) { Remove = left - merged });
            left = merged;

            // At least one patch is left, and none comes back.
            int Left(int[] counts) =>
                (int)Math.Clamp(Math.Round(patches * (1 - (strength * (1 - (At(counts, (block + 1) * 12.0 / depth) / PublishedPatches))))), Math.Min(1, left), left);
        }

        return new(name, stages.ToImmutable());
    }

    // After so many of 12 blocks, on a straight line between two of them.
    static double At(int[] counts, double blocks)
    {
        int whole = (int)blocks;
        double before = whole == 0 ? PublishedPatches : counts[whole - 1];
        return whole == 12 ? before : before + ((blocks - whole) * (counts[whole] - before));
    }
}
