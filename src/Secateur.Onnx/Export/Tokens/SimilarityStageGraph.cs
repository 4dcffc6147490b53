using Secateur.Compression.Tokens;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>The S-stage of Zero-TPrune: of two groups of tokens one stays whole; of the other those go whose best partner in the first is most like them.</summary>
/// <param name="view">What is there to look at.</param>
/// <param name="options">How.</param>
internal sealed class SimilarityStageGraph(GraphView view, ZeroTPruneOptions options)
{
    readonly OnnxGraph graph = view.Graph;

    /// <summary>How many of these patches may go.</summary>
    internal static int Candidates(SimilarityPartition partition, int patches) =>
        partition == SimilarityPartition.None ? Math.Max(0, patches - 1) : patches < 2 ? 0 : patches - (patches / 2);

    /// <summary>Chooses who goes.</summary>
    /// <param name="importance">The ranking that guides the partition, prefix tokens above all others, [batch, tokens].</param>
    /// <param name="count">How many go; at least 1.</param>
    /// <returns>Their indices, the most alike first, int64 [batch, count].</returns>
    public Value Run(Value importance, int count)
    {
        Value features = TokenFeatureGraph.Read(view, options.Feature, options.FeatureHeads, options.Metric == SimilarityMetric.Cosine);
        if (options.Partition == SimilarityPartition.None)
            return Chain(features, graph.Slice(GraphSelection.Best(view, importance, view.Count), 1, view.Prefix, view.Count), count);

        // 1. Two groups; 2. their features.
        (Value partners, Value candidates) = Split(importance);

        // 3. The best partner of every candidate.
        Value alike = graph.Largest(Alike(GraphTokens.RowsAt(graph, features, candidates), GraphTokens.RowsAt(graph, features, partners)), 2);

        // 4. The most alike go.
        return GraphTokens.NumbersAt(graph, candidates, GraphSelection.Best(view, alike, count));
    }

    // Candidates rise, so that among equals the lower index goes.
    (Value Partners, Value Candidates) Split(Value importance)
    {
        int patches = view.Patches, partners = patches / 2;
        if (options.Partition == SimilarityPartition.Random)
        {
            int[] drawn = [.. Enumerable.Range(view.Prefix, patches)];
            new Random(options.Seed).Shuffle(drawn);
            return (Constant(drawn[..partners]), Constant([.. drawn[partners..].Order()]));
        }

        // Among all tokens in their order, the patches come after the prefix.
        Value order = GraphSelection.Best(view, importance, view.Count);
        Value Ranked(int from, int to, int step = 1) => graph.Slice(order, 1, view.Prefix + from, view.Prefix + to, step);
        (Value first, Value second) = options.Partition switch
        {
            SimilarityPartition.SequentialU => (Ranked(0, partners), Ranked(partners, patches)),
            SimilarityPartition.SequentialI => (Ranked(patches - partners, patches), Ranked(0, patches - partners)),

            // Every second one; the least important is a candidate.
            _ => (Ranked(patches % 2, patches, 2), Ranked((patches + 1) % 2, patches, 2)),
        };
        return (first, GraphSelection.Rising(view, second));
    }

    // Without groups, partners are those that stand before: all features in the order of importance, compared with each other below the diagonal.
    Value Chain(Value features, Value order, int count)
    {
        int patches = view.Patches;
        long[] ranks = [.. Enumerable.Range(0, patches)];
        Value before = graph.Less(graph.Whole(ranks, 1, 1, patches), graph.Whole(ranks, 1, patches, 1));
        Value ordered = GraphTokens.RowsAt(graph, features, order);
        Value alike = graph.Largest(graph.Where(before, Alike(ordered, ordered), graph.Number(float.MinValue)), 2);

        // Back to the order of the patches, so that among equals the lower index goes. (The most important has no partners and stays.)
        Value gone = GraphSelection.Best(view, GraphTokens.NumbersAt(graph, alike, GraphSelection.Ranks(view, order)), count);
        return graph.Add(gone, graph.Number((long)view.Prefix));
    }

    // [batch, a, width] and [batch, b, width] to [batch, a, b]: the larger, the more alike. Roots are left out: they change no order.
    Value Alike(Value a, Value b)
    {
        if (options.Metric is SimilarityMetric.Cosine or SimilarityMetric.Dot)
            return graph.MatrixProduct(a, graph.Transpose(b, 0, 2, 1));
        Value difference = graph.Magnitude(graph.Subtract(graph.Unsqueeze(a, 2), graph.Unsqueeze(b, 1)));
        return graph.Negative(options.Metric switch
        {
            SimilarityMetric.L1 => graph.Sum(difference, 3),
            SimilarityMetric.L2 => graph.Sum(graph.Multiply(difference, difference), 3),
            SimilarityMetric.Linf => graph.Largest(difference, 3),
            _ => graph.Sum(graph.Power(difference, graph.Number((float)options.Minkowski)), 3),
        });
    }

    Value Constant(int[] indices) => graph.Whole([.. indices.Select(index => (long)index)], 1, indices.Length);
}
