using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens.Scores;

/// <summary>Whether the class token looks at a token, times how much there is to see: its attention times the length of the value
/// (Fayyaz et al., "Adaptive Token Sampling For Efficient Vision Transformers", ECCV 2022, equation 3).</summary>
/// <remarks>Without a class token, the attention that a token receives from all tokens takes its place.</remarks>
/// <param name="byHead">Whether each head weighs the length of its own part of the value; otherwise the attention of all heads weighs the
/// length of the whole, as in the released code.</param>
internal sealed class SignificanceScore(bool byHead = false) : ITokenScore
{
    public TokenSignals Needs => TokenSignals.ClassAttention | TokenSignals.QueryKeyValue;

    public void Score(in TokenView view, Span<float> scores)
    {
        if (!byHead)
            ClassAttentionScore.Instance.Score(view, scores);
        for (int j = view.Prefix; j < scores.Length; j++)
        {
            ReadOnlySpan<float> value = view.Value(j);
            scores[j] = byHead ? ByHead(view, j, value) : scores[j] * MathF.Sqrt(Sums.OfSquares(value));
        }
    }

    /// <summary>The squared lengths of values; by head, also attention times lengths.</summary>
    public long Macs(SelectionShape shape) =>
        (long)shape.Patches * ((shape.Block.Heads * shape.Block.HeadDim) + (byHead ? shape.Block.Heads : 0));

    static float ByHead(in TokenView view, int token, ReadOnlySpan<float> value)
    {
        float sum = 0;
        for (int h = 0; h < view.Heads; h++)
        {
            ReadOnlySpan<float> attention = view.HasClassToken ? view.ClassAttention(h) : view.Received(h);
            sum += attention[token] * MathF.Sqrt(Sums.OfSquares(value.Slice(h * view.HeadDim, view.HeadDim)));
        }

        return sum;
    }
}
