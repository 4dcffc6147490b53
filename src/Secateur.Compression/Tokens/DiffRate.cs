using Secateur.Compression.Tokens.Scores;
using Secateur.Models.Tokens;
using static Secateur.Compression.Tokens.TokenOptions<Secateur.Compression.Tokens.DiffRateOptions>;

namespace Secateur.Compression.Tokens;

/// <summary>What <see cref="DiffRate"/> may be told.</summary>
public sealed record DiffRateOptions
{
    /// <summary>How many of those that go are merged; the less important others are dropped.</summary>
    public int Merge { get; init; }

    /// <summary>Whether merged tokens weigh as many in later attention as they stand for.</summary>
    public bool ProportionalAttention { get; init; } = true;
}

/// <summary>
/// DiffRate (Chen et al., "DiffRate: Differentiable Compression Rate for Efficient Vision Transformers", ICCV 2023, arXiv 2305.17997), the
/// part that needs no training: in each block the least important tokens are dropped, and the next ones merge with the more important
/// token that they are most like. How many go at each place is given; the paper searched it.
/// </summary>
/// <param name="options">Null for the defaults.</param>
public sealed class DiffRate(DiffRateOptions? options = null) : ITokenReducer
{
    const string Paper = "Chen, Shao, Xu, Lin, Zhang, Ji and Luo, \"DiffRate: Differentiable Compression Rate for Efficient Vision Transformers\", ICCV 2023, arXiv 2305.17997";

    /// <summary>What it was told.</summary>
    public DiffRateOptions Options { get; } = options ?? new();

    /// <inheritdoc/>
    public TokenSignals Needs => ClassAttentionScore.Instance.Needs | (Options.Merge > 0 ? TokenSignals.Tokens : TokenSignals.None);

    /// <inheritdoc/>
    public bool ProportionalAttention => Options.ProportionalAttention;

    internal static TokenMethod Entry { get; } = new TokenMethod<DiffRate, DiffRateOptions>(
        options => new(options), reducer => reducer.Options, new(),
        [
            Whole("merge", 0, 1_000_000, "how many of those that go are merged; the others are dropped", o => o.Merge, (o, v) => o with { Merge = v }),
            Flag("proportional-attention", "whether merged tokens weigh as many in attention as they stand for", o => o.ProportionalAttention, (o, v) => o with { ProportionalAttention = v }),
        ])
    {
        Name = "diffrate",
        Title = "DiffRate",
        Citation = Paper,
        Drops = true,
        DefaultPlan = (depth, patches) => DiffRatePlans.Published("diffrate", depth, patches),
        Family = (depth, patches, strength) => DiffRatePlans.Published("diffrate", depth, patches, 2 * strength),
    };

    /// <inheritdoc/>
    public TokenMap Reduce(in TokenView view, int remove)
    {
        if (remove == 0)
            return TokenMap.Identity(view.Count);
        int keep = view.Patches - remove, merge = keep == 0 ? 0 : Math.Min(Options.Merge, remove), tokens = view.Count;
        Span<ulong> keys = tokens <= 2048 ? stackalloc ulong[view.Patches] : new ulong[view.Patches];
        Span<int> order = tokens <= 2048 ? stackalloc int[tokens] : new int[tokens];

        // 1. By how much the class token attends to them, the most important first; prefix tokens stand before all.
        Rank(view, keep, merge, keys);
        for (int i = 0; i < tokens; i++)
            order[i] = i < view.Prefix ? i : Selection.Index(keys[i - view.Prefix]);

        // 2. Prune: the least important go.
        int kept = view.Prefix + keep;
        if (merge == 0)
            return TokenMap.Keep(tokens, order[..kept]);

        // 3. Merge: the next ones join the kept patch that they are most like, by the cosine of the tokens themselves.
        var features = new TokenFeatures(view, SimilarityFeature.X, FeatureHeads.Concatenated, unit: true);
        using var matching = new BipartiteMatching(view, features, order.Slice(kept, merge), order[view.Prefix..kept]);

        // 4. A group is the plain mean of its members; who joins adds its size times its similarity.
        Span<int> group = tokens <= 2048 ? stackalloc int[tokens] : new int[tokens];
        Span<float> sizes = tokens <= 2048 ? stackalloc float[tokens] : new float[tokens];
        Span<float> equal = tokens <= 2048 ? stackalloc float[tokens] : new float[tokens];
        equal.Fill(1);
        group.Fill(TokenMap.Dropped);
        view.Sizes.CopyTo(sizes);
        for (int i = 0; i < kept; i++)
            group[order[i]] = i;
        for (int i = 0; i < merge; i++)
        {
            int source = order[kept + i];
            group[source] = group[matching.Partner[i]];
            sizes[source] *= Math.Max(0, matching.Similarity[i]);
        }

        return TokenMap.FromGroups(group, kept, equal).WithSizes(sizes);
    }

    /// <summary>The matching of those that merge with those that stay, by the whole tokens, and the merges.</summary>
    /// <inheritdoc/>
    public long SelectionMacs(SelectionShape shape, int remove)
    {
        int keep = shape.Patches - remove, merge = keep == 0 ? 0 : Math.Min(Options.Merge, remove);
        return merge == 0 ? 0 : BipartiteMatching.Macs(shape, merge, keep, SimilarityFeature.X) + ((long)merge * shape.Width);
    }

    // Those that stay in falling order, those that merge, those that go.
    static void Rank(in TokenView view, int keep, int merge, Span<ulong> keys)
    {
        Span<float> scores = view.Count <= 2048 ? stackalloc float[view.Count] : new float[view.Count];
        ClassAttentionScore.Instance.Score(view, scores);
        for (int i = 0; i < keys.Length; i++)
            keys[i] = Selection.Key(scores[view.Prefix + i], view.Prefix + i);
        Selection.Best(keys, keep + merge);
        Selection.Best(keys[..(keep + merge)], keep);
        keys[..keep].Sort();
    }
}
