using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>Who is left when the least important go: all prefix tokens and the best patches, in the order in which they came.</summary>
internal static class SurvivorGraph
{
    // Above every score.
    const float Stays = 1e30f;

    /// <summary>Which tokens are still there.</summary>
    /// <param name="view">Where.</param>
    /// <param name="gone">Indices of those that are not, int64 [batch, gone].</param>
    /// <returns>1 for those that are, 0 for the others, [batch, tokens].</returns>
    public static Value Present(GraphView view, Value gone) => view.Graph.Smallest(view.Graph.OneHot(gone, view.Count, on: 0, off: 1), 1);

    /// <summary>Only those that are out already go.</summary>
    /// <param name="view">Where.</param>
    /// <param name="present">0 for those, 1 for the others, [batch, tokens].</param>
    /// <param name="remove">How many they are.</param>
    public static GraphMap KeepOthers(GraphView view, Value present, int remove) =>
        GraphMap.Keep(view.Graph.Top(present, view.Count - remove).Indices); // equals come in the order of the sequence

    /// <summary>The least important go.</summary>
    /// <param name="view">Where.</param>
    /// <param name="importance">One score a token, 0 or more, [batch, tokens].</param>
    /// <param name="present">0 for tokens that are out already, their scores 0, and 1 for the others, [batch, tokens]; null where all are there.</param>
    /// <param name="remove">How many go, those that are out already among them.</param>
    public static GraphMap KeepImportant(GraphView view, Value importance, Value? present, int remove)
    {
        // Who is out is below all others: first 1 - 1 or 0 - 1, which is exact, then the score.
        Value scores = present is null ? PrefixFirst(view, importance) : view.Graph.Total(present, Bonus(view, -1), importance);
        return GraphMap.Keep(GraphSelection.Rising(view, GraphSelection.Best(view, scores, view.Count - remove)));
    }

    /// <summary>Scores in which prefix tokens are above all others.</summary>
    /// <param name="view">Where.</param>
    /// <param name="scores">One a token, [batch, tokens].</param>
    public static Value PrefixFirst(GraphView view, Value scores) => view.Prefix == 0 ? scores : view.Graph.Add(scores, Bonus(view, 0));

    static Value Bonus(GraphView view, float ofPatches)
    {
        var bonus = new float[view.Count];
        bonus.AsSpan(0, view.Prefix).Fill(Stays);
        bonus.AsSpan(view.Prefix).Fill(ofPatches);
        return view.Graph.Numbers(bonus, 1, view.Count);
    }
}
