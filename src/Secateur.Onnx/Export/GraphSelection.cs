using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export;

/// <summary>The best few of many scores, as graphs: the engine's selection, in which ties go to the lower index, as TopK's do.</summary>
internal static class GraphSelection
{
    /// <summary>The best, the largest first.</summary>
    /// <param name="view">Where.</param>
    /// <param name="scores">[batch, candidates].</param>
    /// <param name="count">How many.</param>
    /// <returns>Their indices, int64 [batch, count].</returns>
    public static Value Best(GraphView view, Value scores, int count) => view.Graph.Top(scores, count).Indices;

    /// <summary>Indices in rising order.</summary>
    /// <param name="view">Where.</param>
    /// <param name="indices">int64 [batch, count], each below 2^24, so that it is a float as well: few runtimes sort whole numbers.</param>
    public static Value Rising(GraphView view, Value indices)
    {
        OnnxGraph graph = view.Graph;
        return graph.Cast(graph.Top(graph.Cast(indices, ElementType.Float), indices.Size(1), largest: false).Numbers, ElementType.Int64);
    }

    /// <summary>The place of each in an order of all: the order turned round.</summary>
    /// <param name="view">Where.</param>
    /// <param name="order">All indices once, int64 [batch, count], count below 2^24.</param>
    /// <returns>int64 [batch, count].</returns>
    public static Value Ranks(GraphView view, Value order) =>
        view.Graph.Top(view.Graph.Cast(order, ElementType.Float), order.Size(1), largest: false).Indices;

    /// <summary>The prefix tokens, then these patches.</summary>
    /// <param name="view">Where.</param>
    /// <param name="patches">Indices among the patches, int64 [batch, count].</param>
    /// <returns>Indices among all tokens, int64 [batch, prefix + count].</returns>
    public static Value AfterPrefix(GraphView view, Value patches)
    {
        if (view.Prefix == 0)
            return patches;
        OnnxGraph graph = view.Graph;
        return graph.Concat(1, ForEach(graph, Prefix(view), patches), graph.Add(patches, graph.Number((long)view.Prefix)));
    }

    /// <summary>The patches with the largest scores stay, in the order of the sequence.</summary>
    /// <param name="view">Where.</param>
    /// <param name="scores">Of the patches, [batch, patches].</param>
    /// <param name="keep">How many.</param>
    public static GraphMap KeepRising(GraphView view, Value scores, int keep) => GraphMap.Keep(keep == 0 ? Prefix(view) : AfterPrefix(view, Rising(view, Best(view, scores, keep))));

    /// <summary>The patches with the largest scores stay, the largest first.</summary>
    /// <param name="view">Where.</param>
    /// <param name="scores">Of the patches, [batch, patches].</param>
    /// <param name="keep">How many.</param>
    public static GraphMap KeepRanked(GraphView view, Value scores, int keep) => GraphMap.Keep(keep == 0 ? Prefix(view) : AfterPrefix(view, Best(view, scores, keep)));

    /// <summary>What <see cref="AfterPrefix"/> turns into the group of tokens that go, [1, count].</summary>
    public static Value Gone(GraphView view, int count) => view.Graph.Whole([.. Enumerable.Repeat(-1L - view.Prefix, count)], 1, count);

    /// <summary>Numbers that all pictures share, [1, n], once for each picture of <paramref name="like"/> [batch, some]: [batch, n].</summary>
    public static Value ForEach(OnnxGraph graph, Value shared, Value like)
    {
        if (like.Side(0) == 1)
            return shared;
        Value pictures = like.Side(0).Known ? graph.Whole([like.Size(0)]) : graph.Slice(graph.ShapeOf(like), 0, 0, 1);
        return graph.Node("Expand", shared.Type, shared.With(0, like.Shape[0]), [shared, graph.Concat(0, pictures, graph.Whole([shared.Size(1)]))]);
    }

    static Value Prefix(GraphView view) => view.Graph.Counting(view.Prefix, 1, view.Prefix);
}
