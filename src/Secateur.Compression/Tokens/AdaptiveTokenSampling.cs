using System.Buffers;
using Secateur.Compression.Tokens.Scores;
using Secateur.Models.Tokens;
using static Secateur.Compression.Tokens.TokenOptions<Secateur.Compression.Tokens.AdaptiveTokenSamplingOptions>;

namespace Secateur.Compression.Tokens;

/// <summary>The forms of <see cref="AdaptiveTokenSampling"/> that are about.</summary>
public enum SamplingForm
{
    /// <summary>As its authors released it: the distribution is summed up from the least significant token to the most.</summary>
    Official,

    /// <summary>As others wrote it anew: summed up from patch to patch, with lengths of values by head.</summary>
    PatchOrder,
}

/// <summary>What <see cref="AdaptiveTokenSampling"/> may be told.</summary>
public sealed record AdaptiveTokenSamplingOptions
{
    /// <summary>Which form.</summary>
    public SamplingForm Form { get; init; } = SamplingForm.Official;

    /// <summary>How many samples are drawn, and so the most patches that can stay; 0 for as many as patches enter the network.</summary>
    public int Samples { get; init; }
}

/// <summary>
/// ATS (Fayyaz et al., "Adaptive Token Sampling For Efficient Vision Transformers", ECCV 2022, arXiv 2111.15667): tokens are drawn from
/// the distribution of their significance by fixed samples; a picture whose significance lies in few tokens keeps few.
/// </summary>
/// <param name="options">Null for the defaults.</param>
public sealed class AdaptiveTokenSampling(AdaptiveTokenSamplingOptions? options = null) : ITokenReducer
{
    // Eight tokens are the least of the released code; one of them is the class token.
    const int LeastPatches = 7;

    const int MostSamples = 1_000_000;

    readonly SignificanceScore score = new(byHead: options?.Form == SamplingForm.PatchOrder);

    /// <summary>What it was told.</summary>
    public AdaptiveTokenSamplingOptions Options { get; } = options ?? new();

    /// <inheritdoc/>
    public TokenSignals Needs => score.Needs;

    /// <inheritdoc/>
    public bool Adaptive => true;

    internal static TokenMethod Entry { get; } = new TokenMethod<AdaptiveTokenSampling, AdaptiveTokenSamplingOptions>(
        options => new(options), reducer => reducer.Options, new(),
        [
            Choice("form", "in which order the distribution is summed up", o => o.Form, (o, v) => o with { Form = v }),
            Whole("samples", 0, MostSamples, "how many samples are drawn; 0 for as many as patches enter the network", o => o.Samples, (o, v) => o with { Samples = v }),
        ])
    {
        Name = "ats",
        Title = "ATS",
        Citation = "Fayyaz et al., \"Adaptive Token Sampling For Efficient Vision Transformers\", ECCV 2022, arXiv 2111.15667",
        Drops = true,
        DefaultPlan = (depth, patches) => Plan(depth, patches, samples: 0),
        Family = Family,
    };

    /// <inheritdoc/>
    public int MostToRemove(int patches) => Math.Max(0, patches - LeastPatches);

    /// <inheritdoc/>
    public TokenMap Reduce(in TokenView view, int remove)
    {
        int patches = view.Patches;
        if (remove == 0 || patches < 2)
            return TokenMap.Identity(view.Count);
        float[] lent = ArrayPool<float>.Shared.Rent(view.Count);
        ulong[] lentKeys = ArrayPool<ulong>.Shared.Rent(patches);
        int[] lentOrder = ArrayPool<int>.Shared.Rent(patches);
        bool[] lentPicked = ArrayPool<bool>.Shared.Rent(patches);
        Span<float> scores = lent.AsSpan(0, view.Count), patchScores = scores[view.Prefix..];
        Span<ulong> keys = lentKeys.AsSpan(0, patches);
        Span<int> order = lentOrder.AsSpan(0, patches);
        Span<bool> picked = lentPicked.AsSpan(0, patches);

        // 1. Significance (equation 3).
        score.Score(view, scores);

        // 2. The order in which it is summed up.
        for (int i = 0; i < patches; i++)
            keys[i] = Selection.Key(Options.Form == SamplingForm.Official ? -patchScores[i] : 0, i);
        keys.Sort();
        for (int i = 0; i < patches; i++)
            order[i] = Selection.Index(keys[i]);

        // 3. Inverse transform sampling (equations 4 and 5).
        int samples = Options.Samples > 0 ? Options.Samples : Math.Max(patches, view.Grid.Rows * view.Grid.Columns);
        InverseTransformSampling.Run(Options.Form, patchScores, order, samples, picked);

        // 4. No more go than the place asks for: the most significant of the others stay.
        int missing = patches - remove - picked.Count(true), others = 0;
        for (int i = 0; i < patches; i++)
            if (!picked[i])
                keys[others++] = Selection.Key(patchScores[order[i]], i);
        if (missing > 0)
            Selection.Best(keys[..others], missing);
        for (int i = 0; i < missing; i++)
            picked[Selection.Index(keys[i])] = true;

        // 5. Those drawn stay, in the order in which they were summed up.
        Span<int> kept = order; // filled no faster than it is read
        int count = 0;
        for (int i = 0; i < patches; i++)
            if (picked[i])
                kept[count++] = order[i];
        TokenMap map = Keep(view, kept[..count]);
        ArrayPool<float>.Shared.Return(lent);
        ArrayPool<ulong>.Shared.Return(lentKeys);
        ArrayPool<int>.Shared.Return(lentOrder);
        ArrayPool<bool>.Shared.Return(lentPicked);
        return map;
    }

    /// <summary>The lengths of values; the rest is sums and a search.</summary>
    /// <inheritdoc/>
    public long SelectionMacs(SelectionShape shape, int remove) => remove == 0 || shape.Patches < 2 ? 0 : score.Macs(shape);

    static TokenMap Keep(in TokenView view, ReadOnlySpan<int> patches)
    {
        Span<int> kept = view.Count <= 2048 ? stackalloc int[view.Prefix + patches.Length] : new int[view.Prefix + patches.Length];
        for (int i = 0; i < kept.Length; i++)
            kept[i] = i < view.Prefix ? i : view.Prefix + patches[i - view.Prefix];
        return TokenMap.Keep(view.Count, kept);
    }

    /// <summary>In every block from a quarter of the depth on, as released (blocks 3 to 11 of 12, from 0).</summary>
    static TokenPlan Plan(int depth, int patches, int samples)
    {
        var reducer = new AdaptiveTokenSampling(new() { Samples = samples });
        return new("ats", [.. Enumerable.Range(depth / 4, depth - (depth / 4)).Select(block =>
            new TokenStage(block, TokenPosition.AfterAttention, reducer) { Remove = patches })]);
    }

    // A million samples draw nearly all tokens, as few as must stay draw few; in between by equal factors.
    static TokenPlan Family(int depth, int patches, double strength) => strength == 0
        ? new("ats", [])
        : Plan(depth, patches, (int)Math.Round(LeastPatches * Math.Pow(MostSamples / (double)LeastPatches, 1 - strength)));
}
