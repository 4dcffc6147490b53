using System.Numerics;
using Secateur.Kernels;

namespace Secateur.Compression.Tokens;

/// <summary>How alike one feature is to each of many.</summary>
internal static class Similarity
{
    /// <summary>Compares.</summary>
    /// <param name="kernels">For products.</param>
    /// <param name="metric">How. Cosine is the dot product of features that are of length 1 already.</param>
    /// <param name="order">Of Minkowski's distance.</param>
    /// <param name="feature">[width].</param>
    /// <param name="others">[width, stride], one feature a column.</param>
    /// <param name="stride">Columns.</param>
    /// <param name="alike">Filled for the first columns, as many as it holds: the larger, the more alike.</param>
    internal static void Run(
        KernelSet kernels, SimilarityMetric metric, double order, ReadOnlySpan<float> feature, ReadOnlySpan<float> others, int stride, Span<float> alike)
    {
        if (metric is SimilarityMetric.Cosine or SimilarityMetric.Dot)
        {
            kernels.SumRows(others, stride, feature, alike);
            return;
        }

        // Roots are left out: they change no order.
        alike.Clear();
        for (int c = 0; c < feature.Length; c++)
        {
            ReadOnlySpan<float> row = others.Slice(c * stride, alike.Length);
            float x = feature[c];
            switch (metric)
            {
                case SimilarityMetric.L1:
                    for (int j = 0; j < row.Length; j++)
                        alike[j] -= MathF.Abs(row[j] - x);
                    break;
                case SimilarityMetric.L2:
                    for (int j = 0; j < row.Length; j++)
                        alike[j] -= (row[j] - x) * (row[j] - x);
                    break;
                case SimilarityMetric.Linf:
                    for (int j = 0; j < row.Length; j++)
                        alike[j] = MathF.Min(alike[j], -MathF.Abs(row[j] - x));
                    break;
                default:
                    for (int j = 0; j < row.Length; j++)
                        alike[j] -= MathF.Pow(MathF.Abs(row[j] - x), (float)order);
                    break;
            }
        }
    }

    /// <summary>The largest of at least one.</summary>
    internal static float Largest(ReadOnlySpan<float> x)
    {
        float largest = float.NegativeInfinity;
        int i = 0;
        if (x.Length >= Vector<float>.Count)
        {
            var lanes = new Vector<float>(largest);
            for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
                lanes = Vector.Max(lanes, new Vector<float>(x[i..]));
            for (int lane = 0; lane < Vector<float>.Count; lane++)
                largest = MathF.Max(largest, lanes[lane]);
        }

        for (; i < x.Length; i++)
            largest = MathF.Max(largest, x[i]);
        return largest;
    }

    /// <summary>Where the largest stands first; 0 where nothing equals it, since it is not a number.</summary>
    internal static int IndexOf(ReadOnlySpan<float> x, float largest)
    {
        int i = 0;
        for (var wanted = new Vector<float>(largest); i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
            if (Vector.EqualsAny(new Vector<float>(x[i..]), wanted))
                break;
        for (; i < x.Length; i++)
            if (x[i] == largest)
                return i;
        return 0;
    }
}
