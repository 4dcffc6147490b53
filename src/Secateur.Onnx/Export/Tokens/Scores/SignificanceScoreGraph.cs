using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens.Scores;

/// <summary>The class token's attention times the length of the value.</summary>
/// <param name="byHead">Whether each head weighs the length of its own part of the value.</param>
internal sealed class SignificanceScoreGraph(bool byHead = false) : IGraphScore
{
    public Value Score(GraphView view)
    {
        OnnxGraph graph = view.Graph;
        Value lengths = graph.Length(view.Content, 3);
        return byHead
            ? graph.Sum(graph.Multiply(view.HasClassToken ? view.ClassAttention : view.Received, lengths), 1)
            : graph.Multiply(ClassAttentionScoreGraph.Instance.Score(view), graph.Length(lengths, 1));
    }
}
