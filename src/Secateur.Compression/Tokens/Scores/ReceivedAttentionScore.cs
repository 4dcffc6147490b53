using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens.Scores;

/// <summary>How much attention each token receives, mean over queries and heads: the importance of LTMP (Bonnaerens and Dambre, "Learned
/// Thresholds Token Merging and Pruning for Vision Transformers", TMLR 2023, section 3.2).</summary>
internal sealed class ReceivedAttentionScore : ITokenScore
{
    internal static ReceivedAttentionScore Instance { get; } = new();

    public TokenSignals Needs => TokenSignals.Received;

    public void Score(in TokenView view, Span<float> scores)
    {
        float weight = 1f / (view.Heads * view.Count);
        scores.Clear();
        for (int h = 0; h < view.Heads; h++)
            ClassAttentionScore.Add(view.Received(h), scores);
        for (int j = 0; j < scores.Length; j++)
            scores[j] *= weight;
    }
}
