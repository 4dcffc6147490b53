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

        // 1. Two groups. 2. The best partner of every token. 3. The candidates that are most alike go; all others are below them.
        (Value partners, Value others) = Split(importance);
        Value alike = graph.Largest(Alike(features, GraphRows.Of(graph, features, partners)), 2);
        return GraphSelection.Best(view, graph.Add(alike, others), count);
    }

    // Who the partners are, int64 [batch, partners], and what is added to each token: nothing to a candidate, [batch, tokens].
    (Value Partners, Value Others) Split(Value importance)
    {
        int patches = view.Patches, partners = patches / 2;
        if (options.Partition == SimilarityPartition.Random)
        {
            int[] drawn = [.. Enumerable.Range(view.Prefix, patches)];
            new Random(options.Seed).Shuffle(drawn);
            return (graph.Whole([.. drawn[..partners].Select(token => (long)token)], 1, partners), graph.Numbers(Others(drawn[partners..]), 1, view.Count));
        }

        // Ranks of the first partner, of the last, and from one to the next; the prefix comes before all patches. (Of every second one, the least important is a candidate.)
        (int first, int last, int step) = options.Partition switch
        {
            SimilarityPartition.SequentialI => (patches - partners, patches - 1, 1),
            SimilarityPartition.Alternate => (patches % 2, patches - 2, 2),
            _ => (0, partners - 1, 1),
        };
        Value order = GraphSelection.Best(view, importance, view.Count);
        float[] byRank = Others(Enumerable.Range(0, patches).Where(rank => rank < first || rank > last || (rank - first) % step != 0).Select(rank => view.Prefix + rank));
        return (graph.Slice(order, 1, view.Prefix + first, view.Prefix + last + 1, step), graph.Gather(graph.Numbers(byRank, view.Count), GraphSelection.Ranks(view, order), 0));
    }

    float[] Others(IEnumerable<int> candidates)
    {
        var others = new float[view.Count];
        Array.Fill(others, Never);
        foreach (int candidate in candidates)
            others[candidate] = 0;
        return others;
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
