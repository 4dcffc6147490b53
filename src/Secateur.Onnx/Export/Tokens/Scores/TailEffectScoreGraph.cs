using Secateur.Compression.Tokens.Scores;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens.Scores;

/// <summary>The attention that each token receives from patches, as a share of the largest, plus a term of the values.</summary>
/// <param name="maximum">Over what the value term takes its maximum.</param>
/// <param name="ofBatch">Whether the share is of the largest of the whole batch, and not of the picture.</param>
internal sealed class TailEffectScoreGraph(ValueMaximum maximum = ValueMaximum.Heads, bool ofBatch = false) : IGraphScore
{
    // Where the largest is nothing, all are: nothing divided by this is nothing.
    const float Least = 1e-30f;

    public Value Score(GraphView view)
    {
        // 1. The attention that each patch receives from patches: the maximum over heads, summed over queries.
        OnnxGraph graph = view.Graph;
        Value received = graph.Sum(graph.Slice(graph.Largest(view.Attention, 1), 1, view.Prefix, view.Count), 1);

        // 2. Its share of the largest.
        Value largest = graph.Largest(view.OfPatches(received), 1, keep: true);
        if (ofBatch)
            largest = graph.Largest(largest, 0, keep: true);
        Value share = graph.Divide(received, graph.Larger(largest, graph.Number(Least)));

        // 3. The value term: a softmax over all tokens, prefix tokens included.
        Value values = maximum == ValueMaximum.Heads
            ? graph.Sum(graph.Largest(view.Content, 1), 2)
            : graph.Sum(graph.Largest(view.Content, 3), 1);
        return graph.Add(share, graph.Softmax(values));
    }
}
