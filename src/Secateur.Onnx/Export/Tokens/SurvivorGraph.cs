using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>Who is left when the least important go: all prefix tokens and the best patches, in the order in which they came.</summary>
internal static class SurvivorGraph
{
    // Above every score.
    const float Stays = 1e30f;

    /// <summary>Which tokens are out already.</summary>
    /// <param name="view">Where.</param>
    /// <param name="gone">Indices of these, int64 [batch, gone].</param>
    /// <returns>1 for those that are out, 0 for the others, [batch, 1, 1, tokens].</returns>
    public static Value Absent(GraphView view, Value gone)
    {
        OnnxGraph graph = view.Graph;
        Value tokens = graph.Whole([.. Enumerable.Range(0, view.Count)], 1, 1, 1, view.Count);
        Value ones = graph.Equal(graph.Reshape(gone, gone.Shape[0], 1, gone.Shape[1], 1), tokens);
        return graph.Sum(graph.Cast(ones, ElementType.Float), 2, keep: true);
    }

    /// <summary>Only those that are out already go.</summary>
    /// <param name="view">Where.</param>
    /// <param name="absent">1 for those, 0 for the others, [batch, 1, 1, tokens].</param>
    /// <param name="remove">How many they are.</param>
    public static GraphMap KeepOthers(GraphView view, Value absent, int remove) =>
        GraphMap.Keep(view.Graph.Top(OfTokens(view, absent), view.Count - remove, largest: false).Indices); // equals come in the order of the sequence

    /// <summary>The least important go.</summary>
    /// <param name="view">Where.</param>
    /// <param name="importance">One score a token, 0 or more, [batch, tokens].</param>
    /// <param name="absent">1 for tokens that are out already, their scores 0, and 0 for the others, [batch, 1, 1, tokens]; null where there are none.</param>
    /// <param name="remove">How many go, those that are out already among them.</param>
    public static GraphMap KeepImportant(GraphView view, Value importance, Value? absent, int remove)
    {
        OnnxGraph graph = view.Graph;
        Value scores = PrefixFirst(view, importance);
        if (absent is not null)
            scores = graph.Subtract(scores, OfTokens(view, absent));
        return GraphMap.Keep(GraphSelection.Rising(view, GraphSelection.Best(view, scores, view.Count - remove)));
    }

    /// <summary>Scores in which prefix tokens are above all others.</summary>
    /// <param name="view">Where.</param>
    /// <param name="scores">One a token, [batch, tokens].</param>
    public static Value PrefixFirst(GraphView view, Value scores)
    {
        var prefix = new float[view.Count];
        prefix.AsSpan(0, view.Prefix).Fill(Stays);
        return view.Prefix == 0 ? scores : view.Graph.Add(scores, view.Graph.Numbers(prefix, 1, view.Count));
    }

    static Value OfTokens(GraphView view, Value absent) => view.Graph.Reshape(absent, absent.Shape[0], view.Count);
}
