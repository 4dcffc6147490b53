using Secateur.Compression.Tokens;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>DPC-KNN: clusters around the patches where it is densest, far from any that is denser.</summary>
internal sealed class DpcKnnGraph(DpcKnn method) : IGraphReducer
{
    public GraphMap? Reduce(GraphView view, int remove)
    {
        int patches = view.Patches, clusters = patches - Math.Min(remove, method.MostToRemove(patches));
        if (clusters == patches)
            return null;
        OnnxGraph graph = view.Graph;
        Value distances = PatchDistancesGraph.Of(view);

        // 1. How dense it is around each patch: exp(-mean squared distance to its nearest), kept as its logarithm.
        Value nearest = graph.Top(distances, Math.Min(method.Options.Neighbours, patches), largest: false).Numbers;
        Value density = graph.Negative(graph.Mean(nearest, 2));

        // 2. How far each is from the nearest that is denser; density times that distance, again as a logarithm.
        Value scores = graph.Add(density, graph.Multiply(graph.Logarithm(ToDenser(view, distances, density)), graph.Number(.5f)));

        // 3. The highest peaks are centres; the others join the nearest, and every cluster becomes the plain mean of its patches.
        var around = new ClustersGraph(view, distances);
        return around.Map(clusters, around.Assign(GraphSelection.Rising(view, GraphSelection.Best(view, scores, clusters))), graph.Ones(1, patches));
    }

    // Of equal density, the patch with the lower index is the denser. The densest of all has the largest distance there is.
    static Value ToDenser(GraphView view, Value distances, Value density)
    {
        OnnxGraph graph = view.Graph;
        Value rank = GraphSelection.Ranks(view, GraphSelection.Best(view, density, view.Patches));
        Value denser = graph.Less(graph.Unsqueeze(rank, 1), graph.Unsqueeze(rank, 2));
        Value toDenser = graph.Smallest(graph.Where(denser, distances, graph.Number(float.PositiveInfinity)), 2);
        Value largest = graph.Largest(graph.Largest(distances, 2), 1, keep: true);
        return graph.Where(graph.Equal(rank, graph.Number(0L)), largest, toDenser);
    }
}
