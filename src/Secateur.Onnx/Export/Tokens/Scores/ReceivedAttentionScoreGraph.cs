using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens.Scores;

/// <summary>How much attention each token receives, mean over queries and heads.</summary>
internal sealed class ReceivedAttentionScoreGraph : IGraphScore
{
    public static ReceivedAttentionScoreGraph Instance { get; } = new();

    public Value Score(GraphView view) =>
        view.Graph.Multiply(view.Graph.Sum(view.Received, 1), view.Graph.Number(1f / (view.Heads * view.Count)));
}
