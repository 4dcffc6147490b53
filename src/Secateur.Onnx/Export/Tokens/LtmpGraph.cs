using Secateur.Compression.Tokens;
using Secateur.Onnx.Export.Tokens.Scores;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>LTMP by quantiles: those that are most alike merge, then the least important go.</summary>
internal sealed class LtmpGraph : IGraphReducer
{
    readonly Ltmp method;

    /// <summary>The graph of quantiles.</summary>
    /// <param name="method">The method.</param>
    /// <exception cref="OnnxExportException">Its thresholds are values.</exception>
    public LtmpGraph(Ltmp method) => this.method = !method.Adaptive ? method : throw new OnnxExportException(
        "LTMP with thresholds by value keeps as many tokens as each picture wants, which no graph of fixed shapes can; choose the option \"threshold\": \"quantile\".");

    public GraphMap? Reduce(GraphView view, int remove)
    {
        // Where there is no prefix token, one patch stays.
        remove = Math.Min(remove, Math.Min(method.MostToRemove(view.Patches), view.Count - Math.Max(1, view.Prefix)));
        if (remove <= 0)
            return null;

        // 1. Merge (ToMe's matching): the most similar first.
        int merges = method.Options.MergeQuantile < 1 && view.Patches > 1 ? Math.Min(remove, MergedByQuantile(view.Patches)) : 0;
        int left = view.Patches - merges, prune = Math.Min(PrunedByQuantile(left), remove - merges);
        GraphMap? merged = null;
        if (method.Options.MergeQuantile < 1 && view.Patches > 1)
        {
            MatchingHalves halves = MatchingHalves.ByPlace(view);
            merged = MatchingGraph.OfKeys(view, halves).Merge(halves, merges);
        }

        if (prune == 0)
            return merged;

        // 2. Importance: mean attention received; a merged token has the largest of its members'.
        Value importance = view.OfPatches(ReceivedAttentionScoreGraph.Instance.Score(view));
        if (merged is null)
            return GraphSelection.KeepRising(view, importance, left - prune);
        OnnxGraph graph = view.Graph;
        Value ofPatches = graph.Subtract(view.OfPatches(merged.Group!), graph.Number((long)view.Prefix));
        Value members = graph.Equal(graph.Unsqueeze(ofPatches, 1), graph.Counting(left, 1, left, 1));
        importance = graph.Largest(graph.Where(members, graph.Unsqueeze(importance, 1), graph.Number(float.NegativeInfinity)), 2);

        // 3. Prune: the least important first.
        Value next = Best(view, importance, left - prune);
        return GraphMap.FromGroups(GraphSelection.AfterPrefix(view, GraphRows.Numbers(graph, next, ofPatches)), view.Prefix + left - prune);
    }

    // Of every token that a merge left, where it stands among those that stay.
    static Value Best(GraphView view, Value importance, int keep)
    {
        OnnxGraph graph = view.Graph;
        int left = importance.Size(1);
        Value order = GraphSelection.Best(view, importance, left);
        Value rank = keep == 0 ? order : GraphSelection.Ranks(view, graph.Concat(1, GraphSelection.Rising(view, graph.Slice(order, 1, 0, keep)), graph.Slice(order, 1, keep, left)));
        return graph.Where(graph.Less(rank, graph.Number((long)keep)), rank, GraphSelection.Gone(view, left));
    }

    int MergedByQuantile(int patches) => (int)Math.Round((1 - method.Options.MergeQuantile) * (patches / 2));

    int PrunedByQuantile(int patches) => (int)Math.Round(method.Options.PruneQuantile * patches);
}
