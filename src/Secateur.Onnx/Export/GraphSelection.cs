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
        OnnxGraph graph = view.Graph;
        if (view.Prefix == 0)
            return patches;
        Value tokens = graph.Add(patches, graph.Number((long)view.Prefix)), prefix = graph.Whole([.. Enumerable.Range(0, view.Prefix)], 1, view.Prefix);
        return graph.Concat(1, patches.Side(0) == 1 ? prefix : ForEach(graph, prefix, patches), tokens);
    }

    /// <summary>The patches with the largest scores stay, in the order of the sequence.</summary>
    /// <param name="view">Where.</param>
    /// <param name="scores">Of the patches, [batch, patches].</param>
    /// <param name="keep">How many.</param>
    public static GraphMap KeepRising(GraphView view, Value scores, int keep) => GraphMap.Keep(AfterPrefix(view, Rising(view, Best(view, scores, keep))));

    /// <summary>The patches with the largest scores stay, the largest first.</summary>
    /// <param name="view">Where.</param>
    /// <param name="scores">Of the patches, [batch, patches].</param>
    /// <param name="keep">How many.</param>
    public static GraphMap KeepRanked(GraphView view, Value scores, int keep) => GraphMap.Keep(AfterPrefix(view, Best(view, scores, keep)));

    /// <summary>Whole numbers that all pictures share, [1, n], once for each picture of <paramref name="like"/> [batch, some] (at least one): [batch, n].</summary>
    public static Value ForEach(OnnxGraph graph, Value shared, Value like) =>
        graph.Add(shared, graph.Multiply(graph.Slice(like, 1, 0, 1), graph.Number(0L)));
}
