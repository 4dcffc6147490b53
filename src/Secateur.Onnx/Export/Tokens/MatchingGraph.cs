using Secateur.Compression.Tokens;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>Bipartite soft matching: for every source, the destination most like it; ties go to the destination that comes first.</summary>
internal sealed class MatchingGraph
{
    readonly GraphView view;
    readonly OnnxGraph graph;
    readonly int sources;
    readonly int destinations;

    /// <summary>Matches.</summary>
    /// <param name="view">Where.</param>
    /// <param name="features">By which patches are compared: dot products, [batch, patches, width].</param>
    /// <param name="sources">Indices among the patches, int64 [batch, sources] or [1, sources].</param>
    /// <param name="destinations">Likewise.</param>
    public MatchingGraph(GraphView view, Value features, Value sources, Value destinations)
    {
        (this.view, graph, this.sources, this.destinations) = (view, view.Graph, sources.Size(1), destinations.Size(1));
        Value alike = graph.MatrixProduct(GraphRows.Of(graph, features, sources), graph.Transpose(GraphRows.Of(graph, features, destinations), 0, 2, 1));
        (Partner, Similarity) = (graph.IndexOfLargest(alike, 2), graph.Largest(alike, 2));
    }

    /// <summary>Of every source, the index among the destinations of the one most like it, int64 [batch, sources].</summary>
    public Value Partner { get; }

    /// <summary>How like that is, [batch, sources].</summary>
    public Value Similarity { get; }

    /// <summary>Matches by the cosines of keys, mean over heads.</summary>
    public static MatchingGraph OfKeys(GraphView view, MatchingHalves halves) =>
        new(view, TokenFeatureGraph.OfPatches(view, SimilarityFeature.Key, FeatureHeads.Mean, unit: true), halves.Sources, halves.Destinations);

    /// <summary>Merges the sources that are most like their partners. What comes out: prefix tokens, the other sources (in rising order; without prefix
    /// tokens, the most similar first), the destinations.</summary>
    /// <param name="halves">Whose sources and destinations were matched.</param>
    /// <param name="remove">How many sources merge, at most all.</param>
    public GraphMap Merge(MatchingHalves halves, int remove)
    {
        Value groups = graph.Concat(1, OfSources(remove), GraphSelection.ForEach(graph, OfDestinations(sources - remove), Partner));
        return GraphMap.FromGroups(GraphSelection.AfterPrefix(view, GraphRows.Numbers(graph, groups, halves.Ranks)), view.Count - remove);
    }

    Value OfDestinations(int first) => graph.Add(graph.Counting(destinations, 1, destinations), graph.Number((long)first));

    // A source alone has the number of its place among those that are.
    Value OfSources(int remove)
    {
        int alone = sources - remove;
        Value partner = graph.Add(Partner, graph.Number((long)alone));
        if (alone == 0)
            return partner;
        Value order = GraphSelection.Best(view, Similarity, sources), others = graph.Slice(order, 1, remove, sources);
        if (view.Prefix > 0)
            others = GraphSelection.Rising(view, others);
        Value rank = GraphSelection.Ranks(view, remove == 0 ? others : graph.Concat(1, others, graph.Slice(order, 1, 0, remove)));
        return graph.Where(graph.Less(rank, graph.Number((long)alone)), rank, partner);
    }
}
