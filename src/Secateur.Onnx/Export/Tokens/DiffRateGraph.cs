using Secateur.Compression.Tokens;
using Secateur.Onnx.Export.Tokens.Scores;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>DiffRate: the least important patches go, the next ones merge with the more important patch that they are most like.</summary>
internal sealed class DiffRateGraph(DiffRate method) : IGraphReducer
{
    public GraphMap Reduce(GraphView view, int remove)
    {
        OnnxGraph graph = view.Graph;
        int keep = view.Patches - remove, merge = keep == 0 ? 0 : Math.Min(method.Options.Merge, remove);

        // 1. By how much the class token attends to them, the most important first. 2. Prune: the least important go.
        Value scores = view.OfPatches(ClassAttentionScoreGraph.Instance.Score(view));
        if (merge == 0)
            return GraphSelection.KeepRanked(view, scores, keep);
        Value order = GraphSelection.Best(view, scores, view.Patches);

        // 3. Merge: the next ones join the kept patch that they are most like, by the cosine of the tokens themselves.
        Value features = TokenFeatureGraph.OfPatches(view, SimilarityFeature.X, FeatureHeads.Concatenated, unit: true);
        var matching = new MatchingGraph(view, features, graph.Slice(order, 1, keep, keep + merge), graph.Slice(order, 1, 0, keep));

        // 4. A group is the plain mean of its members; who joins adds its size times its similarity.
        Value groups = InOrder(graph.Counting(keep, 1, keep), matching.Partner, GraphSelection.Gone(view, remove - merge));
        Value joined = graph.Larger(matching.Similarity, graph.Number(0f));
        Value shares = InOrder(graph.Ones(1, keep), joined, graph.Ones(1, remove - merge));
        Value ranks = GraphSelection.Ranks(view, order);
        Value added = GraphRows.Numbers(graph, shares, ranks);
        if (view.Prefix > 0)
            added = graph.Concat(1, GraphSelection.ForEach(graph, graph.Ones(1, view.Prefix), added), added);
        return GraphMap.FromGroups(GraphSelection.AfterPrefix(view, GraphRows.Numbers(graph, groups, ranks)), view.Prefix + keep) with
        {
            Weights = graph.Ones(1, view.Count),
            Sizes = view.State.Sizes is { } sizes ? graph.Multiply(sizes, added) : added,
        };

        Value InOrder(Value kept, Value joining, Value gone) => remove == merge
            ? graph.Concat(1, GraphSelection.ForEach(graph, kept, joining), joining)
            : graph.Concat(1, GraphSelection.ForEach(graph, kept, joining), joining, GraphSelection.ForEach(graph, gone, joining));
    }
}
