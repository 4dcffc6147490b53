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

        if (unit && MathF.Sqrt(Sums.OfSquares(feature)) is var length and > 0)
            for (int c = 0; c < feature.Length; c++)
                feature[c] /= length;
    }
}
