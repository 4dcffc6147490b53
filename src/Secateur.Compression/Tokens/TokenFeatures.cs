using System.Numerics;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>The vector by which a similarity stage knows a token.</summary>
internal static class TokenFeatures
{
    /// <summary>Floats in a feature.</summary>
    internal static int Width(in TokenView view, ZeroTPruneOptions options) => options.Feature switch
    {
        SimilarityFeature.X => view.Token(0).Length,
        SimilarityFeature.XPre => view.Input(0).Length,
        _ => options.FeatureHeads == FeatureHeads.Mean ? view.HeadDim : view.HeadDim * view.Heads,
    };

    /// <summary>Reads one.</summary>
    /// <param name="view">The sequence.</param>
    /// <param name="options">Which feature.</param>
    /// <param name="token">Which token, prefix counted.</param>
    /// <param name="unit">Whether it is scaled to length 1 (a zero stays zero).</param>
    /// <param name="feature">[<see cref="Width"/>].</param>
    internal static void Read(in TokenView view, ZeroTPruneOptions options, int token, bool unit, Span<float> feature)
    {
        ReadOnlySpan<float> x = options.Feature switch
        {
            SimilarityFeature.Key => view.Key(token),
            SimilarityFeature.Query => view.Query(token),
            SimilarityFeature.Value => view.Value(token),
            SimilarityFeature.X => view.Token(token),
            _ => view.Input(token),
        };
        if (x.Length == feature.Length)
            x.CopyTo(feature);
        else
        {
            Span<float> weights = view.Heads <= 256 ? stackalloc float[view.Heads] : new float[view.Heads];
            weights.Fill(1f / view.Heads);
            view.Kernels.SumRows(x, feature.Length, weights, feature);
        }

        if (unit && Sums.OfSquares(feature) is var squares and > 0)
            Scale(feature, 1 / MathF.Sqrt(squares));
    }

    static void Scale(Span<float> x, float factor)
    {
        int c = 0;
        for (; c <= x.Length - Vector<float>.Count; c += Vector<float>.Count)
            (new Vector<float>(x[c..]) * factor).CopyTo(x[c..]);
        for (; c < x.Length; c++)
            x[c] *= factor;
    }
}
