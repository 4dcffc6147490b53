using Secateur.Compression.Tokens.Scores;
using Secateur.Models.Tokens;
using static Secateur.Compression.Tokens.TokenOptions<Secateur.Compression.Tokens.LtmpOptions>;

namespace Secateur.Compression.Tokens;

/// <summary>
/// LTMP (Bonnaerens and Dambre, "Learned Thresholds Token Merging and Pruning for Vision Transformers", TMLR 2023, arXiv 2307.10780):
/// between attention and MLP, tokens that are like another one beyond a threshold merge with it; then those whose importance does not
/// exceed another threshold go. The paper learns the thresholds; here they are given, or set by quantile.
/// </summary>
/// <remarks>Where nothing can merge, order is kept; otherwise what comes out stands as ToMe's does.</remarks>
public sealed class Ltmp : ITokenReducer
{
    const string Paper = "Bonnaerens and Dambre, \"Learned Thresholds Token Merging and Pruning for Vision Transformers\", TMLR 2023, arXiv 2307.10780";

    /// <summary>A merging and pruning layer.</summary>
    /// <param name="options">Null for the defaults: 4% of the patches merge and 4% are pruned.</param>
    /// <exception cref="ArgumentOutOfRangeException">A quantile is not in [0, 1], or a threshold is no number.</exception>
    public Ltmp(LtmpOptions? options = null)
    {
        Options = options ?? new();
        Require(Options.MergeQuantile, 0, nameof(options));
        Require(Options.PruneQuantile, 0, nameof(options));
        Require(Options.MergeThreshold, -2, nameof(options));
        Require(Options.PruneThreshold, 0, nameof(options));
    }

    /// <summary>What it was told.</summary>
    public LtmpOptions Options { get; }

    /// <inheritdoc/>
    public TokenSignals Needs =>
        (CanMerge ? TokenSignals.QueryKeyValue : TokenSignals.None) | (CanPrune ? ReceivedAttentionScore.Instance.Needs : TokenSignals.None);

    /// <inheritdoc/>
    public bool ProportionalAttention => Options.ProportionalAttention;

    /// <inheritdoc/>
    public bool Adaptive => Options.Threshold == LtmpThreshold.Value;

    bool CanMerge => Adaptive ? Options.MergeThreshold < 1 : Options.MergeQuantile < 1;

    bool CanPrune => Adaptive || Options.PruneQuantile > 0;

    internal static TokenMethod Entry { get; } = new TokenMethod<Ltmp, LtmpOptions>(
        options => new(options), reducer => reducer.Options, new(),
        [
            Choice("threshold", "whether thresholds are quantiles within each picture or values", o => o.Threshold, (o, v) => o with { Threshold = v }),
            Number("merge-threshold", -2, 1, "cosine above which tokens merge", o => o.MergeThreshold, (o, v) => o with { MergeThreshold = v }).When("threshold is value", o => o.Threshold == LtmpThreshold.Value),
            Number("prune-threshold", 0, 1, "importance up to which tokens are pruned", o => o.PruneThreshold, (o, v) => o with { PruneThreshold = v }).When("threshold is value", o => o.Threshold == LtmpThreshold.Value),
            Number("merge-quantile", 0, 1, "quantile of the similarities above which tokens merge", o => o.MergeQuantile, (o, v) => o with { MergeQuantile = v }).When("threshold is quantile", o => o.Threshold == LtmpThreshold.Quantile),
            Number("prune-quantile", 0, 1, "quantile of the importances up to which tokens are pruned", o => o.PruneQuantile, (o, v) => o with { PruneQuantile = v }).When("threshold is quantile", o => o.Threshold == LtmpThreshold.Quantile),
            Flag("proportional-attention", "whether merged tokens weigh as many in attention as they stand for", o => o.ProportionalAttention, (o, v) => o with { ProportionalAttention = v }),
        ])
    {
        Name = "ltmp",
        Title = "LTMP",
        Citation = Paper,
        Drops = true,
        DependsOnPlace = true,
        DefaultPlan = (depth, patches) => LtmpPlans.Quantiles("ltmp", depth, patches, 0.08),
        Family = (depth, patches, strength) => LtmpPlans.Quantiles("ltmp", depth, patches, 0.25 * strength),
    };

    /// <inheritdoc/>
    public int MostToRemove(int patches) => Adaptive ? patches : MergedByQuantile(patches) + PrunedByQuantile(patches - MergedByQuantile(patches));

    /// <inheritdoc/>
    public TokenMap Reduce(in TokenView view, int remove)
    {
        // Where there is no prefix token, one patch stays.
        remove = Math.Min(remove, Math.Min(MostToRemove(view.Patches), view.Count - Math.Max(1, view.Prefix)));
        if (remove <= 0)
            return TokenMap.Identity(view.Count);

        // 1. Merge (ToMe's matching): those more alike than the threshold, the most similar first.
        TokenMap merged = CanMerge ? Merge(view, remove) : TokenMap.Identity(view.Count);
        int left = merged.Count - view.Prefix, merges = view.Count - merged.Count;
        if (!CanPrune || merges == remove)
            return merged;

        // 2. Importance: mean attention received; a merged token has the largest of its members'.
        Span<float> importance = left <= 2048 ? stackalloc float[left] : new float[left];
        Importance(view, merged, importance);

        // 3. Prune: those up to the threshold, the least important first.
        int prune = Adaptive ? CountUpTo(importance, (float)Options.PruneThreshold) : PrunedByQuantile(left);
        return merged.Then(Best(view.Prefix, importance, Math.Min(prune, remove - merges)));
    }

    /// <summary>ToMe's matching where something can merge, and the merges: as many as the quantile says; by values, the most there can be.</summary>
    /// <inheritdoc/>
    public long SelectionMacs(SelectionShape shape, int remove)
    {
        remove = Math.Min(remove, Math.Min(MostToRemove(shape.Patches), shape.Tokens - Math.Max(1, shape.Prefix)));
        if (remove <= 0 || !CanMerge || shape.Patches < 2)
            return 0;
        int sources = BipartiteMatching.Sources(shape.Tokens, shape.Prefix), merges = Math.Min(remove, Adaptive ? sources : MergedByQuantile(shape.Patches));
        return BipartiteMatching.Macs(shape, sources, shape.Patches - sources) + ((long)merges * shape.Width);
    }

    /// <summary>ToMe's matching: halves by place, cosine of the mean of keys over heads.</summary>
    internal static BipartiteMatching Match(in TokenView view)
    {
        Span<int> patches = view.Patches <= 2048 ? stackalloc int[view.Patches] : new int[view.Patches];
        int sources = BipartiteMatching.Halves(view, patches);
        return new(view, new(view, SimilarityFeature.Key, FeatureHeads.Mean, unit: true), patches[..sources], patches[sources..]);
    }

    /// <summary>The importance of every patch token that a merge has left, [patches that are left].</summary>
    internal static void Importance(in TokenView view, TokenMap merged, Span<float> importance)
    {
        Span<float> scores = view.Count <= 2048 ? stackalloc float[view.Count] : new float[view.Count];
        ReceivedAttentionScore.Instance.Score(view, scores);
        importance.Fill(float.NegativeInfinity);
        ReadOnlySpan<int> group = merged.Group;
        for (int i = view.Prefix; i < scores.Length; i++)
        {
            ref float best = ref importance[group[i] - view.Prefix];
            if (scores[i] > best)
                best = scores[i];
        }
    }

    TokenMap Merge(in TokenView view, int most)
    {
        if (view.Patches < 2)
            return TokenMap.Identity(view.Count);
        using BipartiteMatching matching = Match(view);
        int merge = Adaptive ? matching.CountAbove((float)Options.MergeThreshold) : MergedByQuantile(view.Patches);
        return matching.Merge(view, Math.Min(merge, most));
    }

    int MergedByQuantile(int patches) => (int)Math.Round((1 - Options.MergeQuantile) * (patches / 2));

    int PrunedByQuantile(int patches) => (int)Math.Round(Options.PruneQuantile * patches);

    static int CountUpTo(ReadOnlySpan<float> importance, float threshold)
    {
        int count = 0;
        foreach (float value in importance)
            count += value <= threshold ? 1 : 0;
        return count;
    }

    static TokenMap Best(int prefix, ReadOnlySpan<float> importance, int prune)
    {
        int tokens = prefix + importance.Length, keep = importance.Length - prune;
        Span<ulong> keys = tokens <= 2048 ? stackalloc ulong[importance.Length] : new ulong[importance.Length];
        Span<int> kept = tokens <= 2048 ? stackalloc int[prefix + keep] : new int[prefix + keep];
        for (int i = 0; i < keys.Length; i++)
            keys[i] = Selection.Key(importance[i], prefix + i);
        Selection.Best(keys, keep);
        for (int i = 0; i < prefix; i++)
            kept[i] = i;
        Selection.Rising(keys[..keep], tokens, kept[prefix..]);
        return TokenMap.Keep(tokens, kept);
    }

    static void Require(double value, double least, string name)
    {
        if (!(value >= least && value <= 1))
            throw new ArgumentOutOfRangeException(name, value, $"Quantiles and thresholds of LTMP lie in [{least}, 1].");
    }
}
