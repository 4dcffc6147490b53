using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>Patches in groups around centres.</summary>
/// <param name="view">Where.</param>
/// <param name="distances">Of all patches from each other, [batch, patches, patches].</param>
internal sealed class ClustersGraph(GraphView view, Value distances)
{
    readonly OnnxGraph graph = view.Graph;

    /// <summary>Which patch is which centre, true or false, [batch, centres, patches].</summary>
    /// <param name="centres">Indices among the patches, int64 [batch, centres].</param>
    public Value Are(Value centres) => graph.Equal(graph.Unsqueeze(centres, 2), graph.Counting(view.Patches, 1, 1, view.Patches));

    /// <summary>Every patch joins the centre nearest to it, a centre itself; ties go to the centre that comes first.</summary>
    /// <param name="centres">Indices among the patches, distinct, rising, int64 [batch, centres].</param>
    /// <returns>Indices among the centres, int64 [batch, patches].</returns>
    public Value Assign(Value centres)
    {
        Value from = GraphRows.Of(graph, distances, centres);
        return graph.IndexOfSmallest(graph.Where(Are(centres), graph.Number(-1f), from), 1);
    }

    /// <summary>The groups as a decision about all tokens: prefix tokens alone, then a token a cluster in the order of the centres.</summary>
    /// <param name="count">Clusters.</param>
    /// <param name="cluster">Of every patch, int64 [batch, patches].</param>
    /// <param name="weights">Of every patch in its cluster, [batch, patches] or [1, patches].</param>
    public GraphMap Map(int count, Value cluster, Value weights) => GraphMap.FromGroups(GraphSelection.AfterPrefix(view, cluster), view.Prefix + count) with
    {
        Weights = view.Prefix == 0 ? weights : graph.Concat(1, GraphSelection.ForEach(graph, graph.Ones(1, view.Prefix), weights), weights),
    };
}
