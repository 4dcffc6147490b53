using Secateur.Kernels;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>The vectors by which a similarity stage or a matching knows the tokens of a sequence; to be read from many threads at once.</summary>
internal readonly struct TokenFeatures
{
    readonly KernelSet kernels;
    readonly Matrix source;
    readonly float[] headWeights;
    readonly bool unit;

    /// <summary>Settles which vectors.</summary>
    /// <param name="view">The sequence.</param>
    /// <param name="options">Which feature, and what becomes of its heads. For the cosine, features are scaled to length 1 (a zero stays zero).</param>
    internal TokenFeatures(in TokenView view, ZeroTPruneOptions options)
        : this(view, options.Feature, options.FeatureHeads, options.Metric == SimilarityMetric.Cosine)
    {
    }

    /// <summary>Settles which vectors.</summary>
    /// <param name="view">The sequence.</param>
    /// <param name="feature">Which.</param>
    /// <param name="featureHeads">What becomes of its heads.</param>
    /// <param name="unit">Whether they are scaled to length 1 (a zero stays zero), so that dot products are cosines.</param>
    internal TokenFeatures(in TokenView view, SimilarityFeature feature, FeatureHeads featureHeads, bool unit)
    {
        (kernels, this.unit) = (view.Kernels, unit);
        bool whole = feature is SimilarityFeature.X or SimilarityFeature.XPre;
        int heads = whole ? 0 : view.Heads * view.HeadDim;
        source = feature switch
        {
            SimilarityFeature.X => view.Tokens,
            SimilarityFeature.XPre => view.Inputs,
            SimilarityFeature.Query => view.QueryKeyValue.SliceColumns(0, heads),
            SimilarityFeature.Key => view.QueryKeyValue.SliceColumns(heads, heads),
            _ => view.QueryKeyValue.SliceColumns(2 * heads, heads),
        };
        bool mean = featureHeads == FeatureHeads.Mean && !whole;
        headWeights = mean ? new float[view.Heads] : [];
        Array.Fill(headWeights, 1f / view.Heads);
        Width = mean ? view.HeadDim : source.Columns;
    }

    /// <summary>Floats in a feature, and the multiply-adds of reading one: the mean over heads, and the square of its length where it is scaled to 1.</summary>
    internal static (int Width, long Macs) Cost(SelectionShape shape, SimilarityFeature feature, FeatureHeads featureHeads, bool unit)
    {
        bool whole = feature is SimilarityFeature.X or SimilarityFeature.XPre, mean = featureHeads == FeatureHeads.Mean && !whole;
        int heads = shape.Block.Heads * shape.Block.HeadDim, width = mean ? shape.Block.HeadDim : whole ? shape.Width : heads;
        return (width, (mean ? heads : 0) + (unit ? width : 0));
    }

    /// <summary>Floats in a feature.</summary>
    internal int Width { get; }

    /// <summary>Shows one at its own length, without a copy where it lies whole in memory.</summary>
    /// <param name="token">Which token, prefix counted.</param>
    /// <param name="room">Where it is put together otherwise, [<see cref="Width"/>].</param>
    /// <param name="scale">What makes it as long as <see cref="Read"/> does.</param>
    internal ReadOnlySpan<float> Raw(int token, Span<float> room, out float scale)
    {
        ReadOnlySpan<float> feature = room;
        if (headWeights.Length == 0)
            feature = source.Row(token);
        else
            kernels.SumRows(source.Row(token), Width, headWeights, room);
        scale = unit && Sums.OfSquares(feature) is var squares and > 0 ? 1 / MathF.Sqrt(squares) : 1;
        return feature;
    }

    /// <summary>Reads one.</summary>
    /// <param name="token">Which token, prefix counted.</param>
    /// <param name="feature">[<see cref="Width"/>].</param>
    internal void Read(int token, Span<float> feature)
    {
        if (headWeights.Length == 0)
            source.Row(token).CopyTo(feature);
        else
            kernels.SumRows(source.Row(token), Width, headWeights, feature);
        if (unit && Sums.OfSquares(feature) is var squares and > 0)
            Sums.Scale(feature, 1 / MathF.Sqrt(squares));
    }
}
