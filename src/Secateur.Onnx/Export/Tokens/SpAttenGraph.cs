using Secateur.Compression.Tokens;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>SpAtten: tokens that little attention was paid to and heads that yielded little, over all blocks so far, take no further part. A head that
/// is gone yields zeros: the graph saves its tokens' work, not its own.</summary>
internal sealed class SpAttenGraph(SpAtten method) : IGraphReducer
{
    public GraphMap Reduce(GraphView view, int remove)
    {
        OnnxGraph graph = view.Graph;

        // 1. The attention that every token received in this block, over all heads and queries, added to that of the blocks before.
        Value tokens = Added(view, graph.Sum(view.Received, 1), view.Carried);

        // 2. The magnitude of every head's output, added likewise.
        Value heads = Added(view, graph.Sum(graph.Sum(graph.Magnitude(view.HeadOutputs), 3), 2), view.HeadScores);

        // 3. The tokens with the largest sums stay, in their order; so do the heads. Who is gone is not asked again.
        GraphMap map = remove == 0 ? GraphMap.Identity(graph, view.Count) : GraphSelection.KeepRising(view, view.OfPatches(tokens), view.Patches - remove);
        return map with { Carried = tokens, HeadScores = heads, Heads = Keep(view, heads) };
    }

    // Null where no head is left out.
    GraphHeads? Keep(GraphView view, Value scores)
    {
        OnnxGraph graph = view.Graph;
        int computed = view.ActiveHeads?.Count ?? view.Heads;
        int keep = Math.Clamp((int)Math.Ceiling((method.Options.HeadKeep * view.Heads) - 1e-9), 1, computed);
        if (keep == computed)
            return null;
        if (view.ActiveHeads is { } active)
            scores = graph.Where(graph.Greater(active.On, graph.Number(0f)), scores, graph.Number(-1f));
        Value rank = GraphSelection.Ranks(view, GraphSelection.Best(view, scores, view.Heads));
        return new(graph.Cast(graph.Less(rank, graph.Number((long)keep)), ElementType.Float), keep);
    }

    static Value Added(GraphView view, Value now, Value? before) => before is null ? now : view.Graph.Add(before, now);
}
