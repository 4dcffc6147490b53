using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>Plans for LTMP without training: thresholds by quantile within each picture.</summary>
internal static class LtmpPlans
{
    /// <summary>In each of 12 blocks this share of the patches goes, half of it merged and half of it pruned; in a network of another depth
    /// each block removes the share that leaves as much in the end.</summary>
    internal static TokenPlan Quantiles(string name, int depth, int patches, double share)
    {
        double half = (1 - Math.Pow(1 - share, 12.0 / Math.Max(1, depth))) / 2;
        if (half == 0)
            return new(name, []);

        // Only half of the patches may merge; of those that merging leaves, another part of the same size is pruned.
        var reducer = new Ltmp(new() { MergeQuantile = Math.Round(1 - Math.Min(1, 2 * half), 6), PruneQuantile = Math.Round(half / (1 - half), 6) });
        return new(name, [.. Enumerable.Range(0, depth).Select(block => new TokenStage(block, TokenPosition.AfterAttention, reducer) { Remove = patches })]);
    }
}
