using Secateur.Compression.Tokens;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>Decisions by rank: prefix tokens, then the best patches in the order of their scores, best first; the rest goes, or becomes one token at the end.</summary>
internal static class RankingGraph
{
    // A token to which nobody attends at all still has a place in a mean; 1e-30 of anything is nothing in a sum.
    const float LeastWeight = 1e-30f;

    /// <summary>The rest becomes one token.</summary>
    /// <param name="view">Where.</param>
    /// <param name="scores">One score a token, 0 or more, [batch, tokens].</param>
    /// <param name="keep">How many patches stay; at least two do not.</param>
    /// <param name="fuse">How; with <see cref="InattentiveFusion.None"/> the rest goes.</param>
    public static GraphMap Fuse(GraphView view, Value scores, int keep, InattentiveFusion fuse)
    {
        if (fuse == InattentiveFusion.None)
            return GraphSelection.KeepRanked(view, view.OfPatches(scores), keep);
        OnnxGraph graph = view.Graph;
        Value ranks = GraphSelection.Ranks(view, GraphSelection.Best(view, view.OfPatches(scores), view.Patches));
        Value group = graph.Smaller(GraphSelection.AfterPrefix(view, ranks), graph.Number((long)view.Prefix + keep));
        return GraphMap.FromGroups(group, view.Prefix + keep + 1) with
        {
            Weights = fuse == InattentiveFusion.Mean ? graph.Ones(1, view.Count) : graph.Larger(scores, graph.Number(LeastWeight)),
            Sums = fuse == InattentiveFusion.Raw,
        };
    }

    /// <summary>Two groups of patches, each in the order of the sequence: the most important, with whom the others may merge, and the others.</summary>
    /// <param name="view">Where.</param>
    /// <param name="scores">One score a token, [batch, tokens].</param>
    /// <param name="best">How many are in the first group.</param>
    public static MatchingHalves Split(GraphView view, Value scores, int best)
    {
        OnnxGraph graph = view.Graph;
        Value order = GraphSelection.Best(view, view.OfPatches(scores), view.Patches);
        return MatchingHalves.Of(view, GraphSelection.Rising(view, graph.Slice(order, 1, best, view.Patches)), GraphSelection.Rising(view, graph.Slice(order, 1, 0, best)));
    }
}
