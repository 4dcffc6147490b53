using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>Who may merge, and with whom.</summary>
/// <param name="Sources">Indices among the patches, int64 [batch, sources]; [1, sources] where they are all pictures' own.</param>
/// <param name="Destinations">Likewise.</param>
/// <param name="Ranks">Where each patch stands among the sources, then the destinations, int64 [batch, patches] or [1, patches].</param>
internal sealed record MatchingHalves(Value Sources, Value Destinations, Value Ranks)
{
    /// <summary>Groups that depend on the picture.</summary>
    public static MatchingHalves Of(GraphView view, Value sources, Value destinations) =>
        new(sources, destinations, GraphSelection.Ranks(view, view.Graph.Concat(1, sources, destinations)));

    /// <summary>Groups that are constants.</summary>
    public static MatchingHalves Of(GraphView view, ReadOnlySpan<int> sources, ReadOnlySpan<int> destinations)
    {
        var ranks = new int[sources.Length + destinations.Length];
        for (int i = 0; i < ranks.Length; i++)
            ranks[i < sources.Length ? sources[i] : destinations[i - sources.Length]] = i;
        return new(Constant(view.Graph, sources), Constant(view.Graph, destinations), Constant(view.Graph, ranks));
    }

    /// <summary>ToMe's: the patches at even places are sources, those at odd places destinations, prefix tokens counted.</summary>
    public static MatchingHalves ByPlace(GraphView view)
    {
        IEnumerable<int> patches = Enumerable.Range(0, view.Patches);
        return Of(view, [.. patches.Where(patch => (view.Prefix + patch) % 2 == 0)], [.. patches.Where(patch => (view.Prefix + patch) % 2 == 1)]);
    }

    static Value Constant(OnnxGraph graph, ReadOnlySpan<int> numbers)
    {
        var wide = new long[numbers.Length];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = numbers[i];
        return graph.Whole(wide, 1, wide.Length);
    }
}
