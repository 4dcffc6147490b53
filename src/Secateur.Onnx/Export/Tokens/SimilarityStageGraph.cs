using Secateur.Compression.Tokens;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>The S-stage of Zero-TPrune: of two groups of tokens one stays whole; of the other those go whose best partner in the first is most like them.</summary>
/// <param name="view">What is there to look at.</param>
/// <param name="options">How.</param>
internal sealed class SimilarityStageGraph(GraphView view, ZeroTPruneOptions options)
{
    // Below every likeness.
    const float Never = -1e30f;

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

        // 1. Some are partners; the other patches are candidates. 2. The best partner of every token. 3. The candidates that are most alike go.
        Value partners = Partners(importance);
        Value alike = graph.Largest(Alike(features, GraphRows.Of(graph, features, partners)), 2);
        Value others = graph.Smallest(graph.OneHot(partners, view.Count, on: Never, off: 0), 1);
        return GraphSelection.Best(view, graph.Total(others, Prefix(), alike), count);
    }

    // Indices among all tokens, int64 [batch, partners] or [1, partners].
    Value Partners(Value importance)
    {
        int patches = view.Patches, partners = patches / 2, prefix = view.Prefix;
        Value Ranked(int from, int to, int step = 1) => graph.Slice(GraphSelection.Best(view, importance, prefix + to), 1, prefix + from, prefix + to, step);
        return options.Partition switch
        {
            SimilarityPartition.SequentialU => Ranked(0, partners),
            SimilarityPartition.SequentialI => Ranked(patches - partners, patches),
            SimilarityPartition.Alternate => Ranked(patches % 2, patches, 2), // the least important is a candidate
            _ => Drawn(),
        };

        Value Drawn()
        {
            long[] drawn = [.. Enumerable.Range(prefix, patches)];
            new Random(options.Seed).Shuffle(drawn);
            return graph.Whole(drawn.AsSpan(0, partners), 1, partners);
        }
    }

    // Prefix tokens are no candidates, [1, tokens].
    Value Prefix()
    {
        var numbers = new float[view.Count];
        numbers.AsSpan(0, view.Prefix).Fill(Never);
        return graph.Numbers(numbers, 1, view.Count);
    }

    // Without groups, partners are those that stand before: all features in the order of importance, compared with each other below the diagonal.
    Value Chain(Value features, Value order, int count)
    {
        int patches = view.Patches;
        long[] ranks = [.. Enumerable.Range(0, patches)];
        Value before = graph.Less(graph.Whole(ranks, 1, 1, patches), graph.Whole(ranks, 1, patches, 1));
        Value ordered = GraphRows.Of(graph, features, order);
        Value alike = graph.Largest(graph.Where(before, Alike(ordered, ordered), graph.Number(float.MinValue)), 2);

        // Back to the order of the patches, so that among equals the lower index goes. (The most important has no partners and stays.)
        Value gone = GraphSelection.Best(view, GraphRows.Numbers(graph, alike, GraphSelection.Ranks(view, order)), count);
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
}
