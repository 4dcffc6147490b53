using Secateur.Compression.Tokens;
using Secateur.Onnx.Export.Tokens.Scores;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>K-Medoids, its alternations one after the other: where no medoid changes, clusters do not, so that further alternations change nothing.</summary>
internal sealed class KMedoidsGraph(KMedoids method) : IGraphReducer
{
    public GraphMap? Reduce(GraphView view, int remove)
    {
        int patches = view.Patches, clusters = patches - Math.Min(remove, method.MostToRemove(patches));
        if (clusters == patches)
            return null;
        OnnxGraph graph = view.Graph;
        Value distances = PatchDistancesGraph.Of(view), apart = graph.Root(distances);
        var around = new ClustersGraph(view, distances);

        // 1. The first medoids.
        Value medoids = GraphSelection.Rising(view, method.Options.Start == MedoidStart.ClassAttention
            ? GraphSelection.Best(view, view.OfPatches(ClassAttentionScoreGraph.Instance.Score(view)), clusters)
            : Farthest(view, distances, clusters));

        // 2. In turns: every patch joins the nearest medoid, and of every cluster the patch nearest to all others is its medoid.
        Value cluster = around.Assign(medoids);
        for (int i = 0; i < method.Options.Iterations; i++)
        {
            medoids = Choose(view, apart, cluster, medoids);
            cluster = around.Assign(medoids);
        }

        // 3. The medoid alone speaks for its cluster.
        return around.Map(clusters, cluster, graph.Sum(graph.Cast(around.Are(medoids), ElementType.Float), 1));
    }

    // One drawn by the seed, then again and again the one farthest from all chosen.
    Value Farthest(GraphView view, Value distances, int clusters)
    {
        OnnxGraph graph = view.Graph;
        int patches = view.Patches;
        var chosen = new Value[clusters];
        chosen[0] = GraphSelection.ForEach(graph, graph.Whole([new Random(method.Options.Seed).Next(patches)], 1, 1), distances);
        Value? away = null;
        for (int k = 1; k < clusters; k++)
        {
            Value from = graph.Squeeze(GraphRows.Of(graph, distances, chosen[k - 1]), 1);
            Value never = graph.Equal(chosen[k - 1], graph.Counting(patches, 1, patches)); // again, not even where patches are equal
            away = graph.Where(never, graph.Number(-1f), away is null ? from : graph.Smaller(away, from));
            chosen[k] = graph.IndexOfLargest(away, 1, keep: true);
        }

        return graph.Concat(1, chosen);
    }

    // The patch of each cluster whose distances from its others sum to least; a medoid keeps its place where another is no better, and other ties
    // go to the lower index.
    static Value Choose(GraphView view, Value apart, Value cluster, Value medoids)
    {
        OnnxGraph graph = view.Graph;
        Value members = GraphTokens.Members(graph, cluster, medoids.Size(1));
        Value sums = graph.Where(graph.Greater(members, graph.Number(0f)), graph.MatrixProduct(members, apart), graph.Number(float.PositiveInfinity));
        Value own = graph.GatherElements(sums, graph.Unsqueeze(medoids, 2), 2), least = graph.Smallest(sums, 2, keep: true);
        return GraphSelection.Rising(view, graph.Where(graph.Squeeze(graph.Equal(own, least), 2), medoids, graph.IndexOfSmallest(sums, 2)));
    }
}
