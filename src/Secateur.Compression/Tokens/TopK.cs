using System.Buffers;
using Secateur.Compression.Tokens.Scores;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>
/// Top-K: the patches to which the class token attends most stay, best first; the others go without a trace. The baseline of Haurum et al.,
/// "Which Tokens to Use? Investigating Token Reduction in Vision Transformers", ICCV 2023 workshops, arXiv 2308.04657 (at three blocks), and of
/// Eliopoulos et al., arXiv 2407.05941 (as many in every block).
/// </summary>
public sealed class TopK : ITokenReducer
{
    /// <inheritdoc/>
    public TokenSignals Needs => ClassAttentionScore.Instance.Needs;

    internal static TokenMethod Entry { get; } = new TokenMethod<TopK, TopK>(reducer => reducer, reducer => reducer, new(), [])
    {
        Name = "top-k",
        Title = "Top-K",
        Citation = "Haurum et al., \"Which Tokens to Use? Investigating Token Reduction in Vision Transformers\", ICCV 2023 workshops, arXiv 2308.04657",
        Drops = true,
        DefaultPlan = (depth, patches) => TokenBudgets.Geometric("top-k", depth, patches, 0.7, _ => new TopK(), TokenPosition.AfterAttention),
        Family = (depth, patches, strength) => InEveryBlock("top-k", depth, patches, 1.5 * strength * patches / Math.Max(1, depth)),
    };

    /// <inheritdoc/>
    public TokenMap Reduce(in TokenView view, int remove)
    {
        if (remove == 0)
            return TokenMap.Identity(view.Count);
        float[] lent = ArrayPool<float>.Shared.Rent(view.Count);
        Span<float> scores = lent.AsSpan(0, view.Count);
        ClassAttentionScore.Instance.Score(view, scores);
        TokenMap map = Ranking.Keep(view, scores, view.Patches - remove);
        ArrayPool<float>.Shared.Return(lent);
        return map;
    }

    /// <summary>A published r, made for 12 blocks of 196 patches, in every block.</summary>
    internal static TokenPlan Published(string name, int depth, int patches, int each) =>
        InEveryBlock(name, depth, patches, each * (12.0 / Math.Max(12, depth)) * (patches / 196.0));

    static TokenPlan InEveryBlock(string name, int depth, int patches, double each)
    {
        var reducer = new TopK();
        return new(name, [.. TokenPlaces.Spread(depth, each).Select((count, block) =>
        {
            int go = Math.Clamp(count, 0, Math.Max(0, patches - 1)); // one patch is left at the least
            patches -= go;
            return new TokenStage(block, TokenPosition.AfterAttention, reducer) { Remove = go };
        })]);
    }
}
