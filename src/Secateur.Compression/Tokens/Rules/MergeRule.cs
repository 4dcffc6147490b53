using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens.Rules;

/// <summary>The most important stay in their order; each of the others merges with the one of them whose key is most like its own, weighted by size.</summary>
internal sealed class MergeRule : ITokenRule
{
    public TokenSignals Needs => TokenSignals.QueryKeyValue;

    public int MostToRemove(int patches) => Math.Max(0, patches - 1);

    /// <summary>The matching of those that go with those that stay, and the merges.</summary>
    public long Macs(SelectionShape shape, int remove) => BipartiteMatching.Macs(shape, remove, shape.Patches - remove) + ((long)remove * shape.Width);

    public TokenMap Decide(in TokenView view, ReadOnlySpan<float> scores, int remove)
    {
        int patches = view.Patches, kept = patches - remove;
        Span<int> order = patches <= 2048 ? stackalloc int[patches] : new int[patches];
        Ranking.Split(view, scores, kept, order);
        var keys = new TokenFeatures(view, SimilarityFeature.Key, FeatureHeads.Mean, unit: true);
        using var matching = new BipartiteMatching(view, keys, order[kept..], order[..kept]);

        Span<int> group = view.Count <= 2048 ? stackalloc int[view.Count] : new int[view.Count];
        for (int i = 0; i < view.Prefix; i++)
            group[i] = i;
        for (int i = 0; i < kept; i++)
            group[order[i]] = view.Prefix + i;
        for (int i = 0; i < remove; i++)
            group[order[kept + i]] = group[matching.Partner[i]];
        return TokenMap.FromGroups(group, view.Prefix + kept);
    }
}
