using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens.Scores;

/// <summary>How much the class token attends to each token, mean over heads; without a class token, what a token receives from all.</summary>
internal sealed class ClassAttentionScoreGraph : IGraphScore
{
    public static ClassAttentionScoreGraph Instance { get; } = new();

    public Value Score(GraphView view) =>
        view.HasClassToken ? view.Graph.Mean(view.ClassAttention, 1) : ReceivedAttentionScoreGraph.Instance.Score(view);
}
