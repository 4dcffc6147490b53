using System.Numerics;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens.Scores;

/// <summary>How much the class token attends to each token, mean over heads (Liang et al., "Not All Patches are What You Need: Expediting
/// Vision Transformers via Token Reorganizations", ICLR 2022, section 3.2).</summary>
/// <remarks>Without a class token, the attention that a token receives from all tokens takes its place, mean over queries and heads.</remarks>
internal sealed class ClassAttentionScore : ITokenScore
{
    internal static ClassAttentionScore Instance { get; } = new();

    public TokenSignals Needs => TokenSignals.ClassAttention;

    public void Score(in TokenView view, Span<float> scores)
    {
        float weight = view.HasClassToken ? 1f / view.Heads : 1f / (view.Heads * view.Count);
        scores.Clear();
        for (int h = 0; h < view.Heads; h++)
            Add(view.HasClassToken ? view.ClassAttention(h) : view.Received(h), scores);
        for (int j = 0; j < scores.Length; j++)
            scores[j] *= weight;
    }

    internal static void Add(ReadOnlySpan<float> x, Span<float> sum)
    {
        int j = 0;
        for (; j <= sum.Length - Vector<float>.Count; j += Vector<float>.Count)
            (new Vector<float>(sum[j..]) + new Vector<float>(x[j..])).CopyTo(sum[j..]);
        for (; j < sum.Length; j++)
            sum[j] += x[j];
    }
}
