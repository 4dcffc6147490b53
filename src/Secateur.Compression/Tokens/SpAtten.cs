using System.Collections.Immutable;
using Secateur.Compression.Tokens.Scores;
using Secateur.Models.Tokens;
using static Secateur.Compression.Tokens.TokenOptions<Secateur.Compression.Tokens.SpAttenOptions>;

namespace Secateur.Compression.Tokens;

/// <summary>What <see cref="SpAtten"/> may be told.</summary>
public sealed record SpAttenOptions
{
    /// <summary>Share of the block's heads that later blocks compute, rounded up; heads that are gone stay gone.</summary>
    public double HeadKeep { get; init; } = 1;
}

/// <summary>
/// Cascade token and head pruning (Wang, Zhang, Han, "SpAtten: Efficient Sparse Attention Architecture with Cascade Token and Head Pruning",
/// HPCA 2021): tokens that little attention was paid to and heads that yielded little, over all blocks so far, take no further part.
/// </summary>
public sealed class SpAtten : ITokenReducer
{
    /// <summary>The pruning of one block.</summary>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share of heads is not in [0, 1].</exception>
    public SpAtten(SpAttenOptions? options = null)
    {
        Options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfNegative(Options.HeadKeep);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Options.HeadKeep, 1);
    }

    /// <summary>What it was told.</summary>
    public SpAttenOptions Options { get; }

    /// <inheritdoc/>
    public TokenSignals Needs => TokenSignals.Received | TokenSignals.HeadMagnitude;

    /// <inheritdoc/>
    public bool Remembers => true;

    internal static TokenMethod Entry { get; } = new TokenMethod<SpAtten, SpAttenOptions>(
        options => new(options), reducer => reducer.Options, new(),
        [Number("head-keep", 0, 1, "share of the heads that later blocks compute, rounded up", o => o.HeadKeep, (o, v) => o with { HeadKeep = v })])
    {
        Name = "spatten",
        Title = "SpAtten",
        Citation = "Wang, Zhang and Han, \"SpAtten: Efficient Sparse Attention Architecture with Cascade Token and Head Pruning\", HPCA 2021, arXiv 2012.09852",
        Drops = true,
        DefaultPlan = (depth, patches) => Cascade("spatten", depth, patches, .06, .8),
        Family = (depth, patches, strength) => Cascade("spatten", depth, patches, .6 * strength, 1),
    };

    /// <inheritdoc/>
    public TokenMap Reduce(in TokenView view, int remove)
    {
        // 1. The attention that every token received in this block, over all heads and queries, added to that of the blocks before.
        Span<float> tokens = view.Count <= 2048 ? stackalloc float[view.Count] : new float[view.Count];
        tokens.Clear();
        view.Carried.CopyTo(tokens);
        for (int h = 0; h < view.Heads; h++)
            ClassAttentionScore.Add(view.Received(h), tokens);

        // 2. The magnitude of every head's output, added likewise.
        Span<float> heads = view.Heads <= 256 ? stackalloc float[view.Heads] : new float[view.Heads];
        heads.Clear();
        view.HeadScores.CopyTo(heads);
        for (int h = 0; h < heads.Length; h++)
            heads[h] += view.HeadMagnitude(h);

        // 3. The tokens with the largest sums stay, in their order; so do the heads. Who is gone is not asked again.
        TokenMap map = Survivors.Keep(view, [], remove, tokens).Carrying(tokens, heads);
        Span<bool> kept = heads.Length <= 256 ? stackalloc bool[heads.Length] : new bool[heads.Length];
        return KeepHeads(view.ActiveHeads, heads, kept) ? map.WithHeads(kept) : map;
    }

    /// <summary>No token goes in the first sixth of the blocks, where importance is only added up; after that, in each block, the same share of those that are left.</summary>
    /// <param name="name">Of the plan.</param>
    /// <param name="depth">Blocks of the network.</param>
    /// <param name="patches">Of its images; at least one is left.</param>
    /// <param name="share">Which share, for 12 blocks.</param>
    /// <param name="headKeep">The share of the heads that the last block computes, reached in equal steps after the first third of the blocks.</param>
    internal static TokenPlan Cascade(string name, int depth, int patches, double share, double headKeep)
    {
        var stages = ImmutableArray.CreateBuilder<TokenStage>();
        int left = patches;
        for (int block = 0; block < depth; block++)
        {
            double blocks = 12.0 / depth * Math.Max(0, block + 1 - (depth / 6));
            int next = Math.Clamp((int)Math.Round(patches * Math.Pow(1 - share, blocks)), Math.Min(1, left), left);
            double heads = 1 - ((1 - headKeep) * Math.Max(0, block + 1 - (depth / 3)) / Math.Max(1, depth - 1 - (depth / 3)));
            var options = new SpAttenOptions { HeadKeep = Math.Round(Math.Max(headKeep, heads), 6) };
            stages.Add(new(block, TokenPosition.AfterAttention, new SpAtten(options)) { Remove = left - next });
            left = next;
        }

        return new(name, stages.ToImmutable());
    }

    // Whether heads are left out at all.
    bool KeepHeads(ReadOnlySpan<bool> active, ReadOnlySpan<float> scores, Span<bool> kept)
    {
        int computed = active.IsEmpty ? scores.Length : active.Count(true);
        int keep = Math.Clamp((int)Math.Ceiling((Options.HeadKeep * scores.Length) - 1e-9), 1, computed);
        if (keep == computed)
            return false;
        Span<ulong> keys = scores.Length <= 256 ? stackalloc ulong[computed] : new ulong[computed];
        int filled = 0;
        for (int h = 0; h < scores.Length; h++)
            if (active.IsEmpty || active[h])
                keys[filled++] = Selection.Key(scores[h], h);
        Selection.Best(keys, keep);
        kept.Clear();
        foreach (ulong key in keys[..keep])
            kept[Selection.Index(key)] = true;
        return true;
    }
}
