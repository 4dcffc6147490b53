using System.Buffers;
using Secateur.Kernels;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>
/// The S-stage of "Zero-TPrune" (section 3.3): of two groups of tokens one stays whole; of the other those go whose best partner in the
/// first is most like them. Nothing is merged. Cost: one product of the two groups, O(N^2 d / 4).
/// </summary>
internal static class SimilarityStage
{
    const int TokensInATask = 16;

    /// <summary>What a view must show for these options.</summary>
    internal static TokenSignals Needs(SimilarityFeature feature) => feature switch
    {
        SimilarityFeature.X => TokenSignals.Tokens,
        SimilarityFeature.XPre => TokenSignals.Input,
        _ => TokenSignals.QueryKeyValue,
    };

    /// <summary>Multiply-adds: features, and of the metrics that multiply (cosine, dot product, Euclid's) the product of candidates and partners.</summary>
    internal static long Macs(SelectionShape shape, ZeroTPruneOptions options)
    {
        long candidates = TokenPartition.Candidates(options.Partition, shape.Patches), partners = shape.Patches - candidates;
        bool chain = options.Partition == SimilarityPartition.None;
        (int width, long reading) = TokenFeatures.Cost(shape, options.Feature, options.FeatureHeads, options.Metric == SimilarityMetric.Cosine);
        bool multiplies = options.Metric is SimilarityMetric.Cosine or SimilarityMetric.Dot or SimilarityMetric.L2;
        long pairs = (candidates * partners) + (chain ? candidates * (candidates - 1) / 2 : 0);
        return ((chain ? shape.Patches + candidates : shape.Patches) * reading) + (multiplies ? pairs * width : 0);
    }

    /// <summary>Chooses who goes.</summary>
    /// <param name="view">The sequence.</param>
    /// <param name="options">How.</param>
    /// <param name="importance">One score a patch: the ranking that guides the partition.</param>
    /// <param name="gone">As many as go: filled with token indices (prefix counted), rising; at most <see cref="TokenPartition.Candidates"/>.</param>
    internal static void Run(in TokenView view, ZeroTPruneOptions options, ReadOnlySpan<float> importance, Span<int> gone)
    {
        int n = view.Patches, candidates = TokenPartition.Candidates(options.Partition, n), partners = n - candidates;
        int columns = options.Partition == SimilarityPartition.None ? n : partners;
        var features = new TokenFeatures(view, options);
        int[] order = ArrayPool<int>.Shared.Rent(n);
        ulong[] keys = ArrayPool<ulong>.Shared.Rent(candidates);
        float[] rows = ArrayPool<float>.Shared.Rent(candidates * features.Width), transposed = ArrayPool<float>.Shared.Rent(features.Width * columns);

        // 1. Two groups.
        TokenPartition.Split(options.Partition, options.Seed, importance, order.AsSpan(0, n));

        // 2. Features: candidates as rows, partners as columns. (Without groups, everyone is a partner too.)
        var stage = new Stage(view.Kernels, options, features, view.Prefix, n, candidates, columns, order, rows, transposed, keys);
        view.Threads.For(Tasks(columns) + Tasks(candidates), new ReadFeatures(stage));

        // 3. The best partner of every candidate. (Without groups, partners are those that stand before.)
        view.Threads.For(Tasks(candidates), new Compare(stage));

        // 4. The most alike go.
        Selection.Best(keys.AsSpan(0, candidates), gone.Length);
        for (int i = 0; i < gone.Length; i++)
            gone[i] = Selection.Index(keys[i]);
        gone.Sort();
        ArrayPool<int>.Shared.Return(order);
        ArrayPool<ulong>.Shared.Return(keys);
        ArrayPool<float>.Shared.Return(rows);
        ArrayPool<float>.Shared.Return(transposed);
    }

    static int Tasks(int tokens) => (tokens + TokensInATask - 1) / TokensInATask;

    /// <summary>What the tasks of one stage share.</summary>
    sealed record Stage(
        KernelSet Kernels, ZeroTPruneOptions Options, TokenFeatures Features, int Prefix, int Patches, int Candidates, int Columns, int[] Order, float[] Rows, float[] Transposed, ulong[] Keys);

    readonly struct ReadFeatures(Stage stage) : IWork
    {
        public void Run(int task, int worker)
        {
            int width = stage.Features.Width, columnTasks = Tasks(stage.Columns);
            if (task >= columnTasks)
            {
                int from = (task - columnTasks) * TokensInATask;
                for (int i = from; i < Math.Min(from + TokensInATask, stage.Candidates); i++)
                    stage.Features.Read(stage.Prefix + stage.Order[stage.Patches - stage.Candidates + i], stage.Rows.AsSpan(i * width, width));
                return;
            }

            Span<float> one = width <= 4096 ? stackalloc float[width] : new float[width];
            int first = task * TokensInATask;
            for (int i = first; i < Math.Min(first + TokensInATask, stage.Columns); i++)
            {
                stage.Features.Read(stage.Prefix + stage.Order[i], one);
                for (int c = 0; c < width; c++)
                    stage.Transposed[(c * stage.Columns) + i] = one[c];
            }
        }
    }

    readonly struct Compare(Stage stage) : IWork
    {
        public void Run(int task, int worker)
        {
            int width = stage.Features.Width, partners = stage.Patches - stage.Candidates, from = task * TokensInATask;
            bool chain = stage.Options.Partition == SimilarityPartition.None;
            Span<float> alike = stage.Columns <= 4096 ? stackalloc float[stage.Columns] : new float[stage.Columns];
            for (int i = from; i < Math.Min(from + TokensInATask, stage.Candidates); i++)
            {
                Span<float> with = chain ? alike[..(partners + i)] : alike;
                Similarity.Run(stage.Kernels, stage.Options.Metric, stage.Options.Minkowski, stage.Rows.AsSpan(i * width, width), stage.Transposed.AsSpan(0, width * stage.Columns), stage.Columns, with);
                stage.Keys[i] = Selection.Key(Similarity.Largest(with), stage.Prefix + stage.Order[partners + i]);
            }
        }
    }
}
