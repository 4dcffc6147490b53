using System.Buffers;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>
/// The S-stage of "Zero-TPrune" (section 3.3): of two groups of tokens one stays whole; of the other those go whose best partner in the
/// first is most like them. Nothing is merged. Cost: one product of the two groups, O(N^2 d / 4).
/// </summary>
internal static class SimilarityStage
{
    /// <summary>What a view must show for these options.</summary>
    internal static TokenSignals Needs(SimilarityFeature feature) => feature switch
    {
        SimilarityFeature.X => TokenSignals.Tokens,
        SimilarityFeature.XPre => TokenSignals.Input,
        _ => TokenSignals.QueryKeyValue,
    };

    /// <summary>Chooses who goes.</summary>
    /// <param name="view">The sequence.</param>
    /// <param name="options">How.</param>
    /// <param name="importance">One score a patch: the ranking that guides the partition.</param>
    /// <param name="gone">As many as go: filled with token indices (prefix counted), rising; at most <see cref="TokenPartition.Candidates"/>.</param>
    internal static void Run(in TokenView view, ZeroTPruneOptions options, ReadOnlySpan<float> importance, Span<int> gone)
    {
        int n = view.Patches, width = TokenFeatures.Width(view, options);
        int candidates = TokenPartition.Candidates(options.Partition, n), partners = n - candidates;
        bool chain = options.Partition == SimilarityPartition.None;
        int columns = chain ? n : partners;
        float[] lent = ArrayPool<float>.Shared.Rent((candidates * width) + (width * columns) + width + columns);
        Span<int> order = n <= 1024 ? stackalloc int[n] : new int[n];
        Span<ulong> keys = candidates <= 1024 ? stackalloc ulong[candidates] : new ulong[candidates];
        Span<float> rows = lent.AsSpan(0, candidates * width), transposed = lent.AsSpan(rows.Length, width * columns);
        Span<float> one = lent.AsSpan(rows.Length + transposed.Length, width), alike = lent.AsSpan(rows.Length + transposed.Length + width, columns);

        // 1. Two groups.
        TokenPartition.Split(options.Partition, options.Seed, importance, order);

        // 2. Features: candidates as rows, partners as columns.
        bool unit = options.Metric == SimilarityMetric.Cosine;
        for (int i = 0; i < columns; i++)
        {
            TokenFeatures.Read(view, options, view.Prefix + order[i], unit, one);
            for (int c = 0; c < width; c++)
                transposed[(c * columns) + i] = one[c];
        }

        for (int i = 0; i < candidates; i++)
            TokenFeatures.Read(view, options, view.Prefix + order[partners + i], unit, rows.Slice(i * width, width));

        // 3. The best partner of every candidate. (Without groups, partners are those that stand before.)
        for (int i = 0; i < candidates; i++)
        {
            Span<float> with = chain ? alike[..(partners + i)] : alike;
            Similarity.Run(view.Kernels, options.Metric, options.Minkowski, rows.Slice(i * width, width), transposed, columns, with);
            keys[i] = Selection.Key(Similarity.Largest(with), view.Prefix + order[partners + i]);
        }

        // 4. The most alike go.
        Selection.Best(keys, gone.Length);
        for (int i = 0; i < gone.Length; i++)
            gone[i] = Selection.Index(keys[i]);
        gone.Sort();
        ArrayPool<float>.Shared.Return(lent);
    }
}
