using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens.Rules;

/// <summary>ToMe's merge between the halves of a ranking: of the less important half those merge whose keys are most like one of the more important half.</summary>
internal sealed class MatchRule : ITokenRule
{
    public TokenSignals Needs => TokenSignals.QueryKeyValue;

    public int MostToRemove(int patches) => patches < 2 ? 0 : patches - (patches / 2);

    /// <summary>The matching of the two halves, and the merges.</summary>
    public long Macs(SelectionShape shape, int remove) =>
        BipartiteMatching.Macs(shape, shape.Patches - (shape.Patches / 2), shape.Patches / 2) + ((long)remove * shape.Width);

    public TokenMap Decide(in TokenView view, ReadOnlySpan<float> scores, int remove)
    {
        int patches = view.Patches, important = patches / 2;
        Span<int> order = patches <= 2048 ? stackalloc int[patches] : new int[patches];
        Ranking.Split(view, scores, important, order);
        var keys = new TokenFeatures(view, SimilarityFeature.Key, FeatureHeads.Mean, unit: true);
        using var matching = new BipartiteMatching(view, keys, order[important..], order[..important]);
        return matching.Merge(view, remove);
    }
}
