using Secateur.Compression.Tokens;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>The vectors by which a similarity stage or a matching knows the tokens.</summary>
internal static class TokenFeatureGraph
{
    // A zero stays zero.
    const float LeastLength = 1e-30f;

    /// <summary>Those of the patches, [batch, patches, width].</summary>
    public static Value OfPatches(GraphView view, SimilarityFeature feature, FeatureHeads heads, bool unit) =>
        view.Graph.Slice(Read(view, feature, heads, unit), 1, view.Prefix, view.Count);

    /// <summary>Those of all tokens.</summary>
    /// <param name="view">What is there to look at.</param>
    /// <param name="feature">Which.</param>
    /// <param name="heads">What becomes of its heads.</param>
    /// <param name="unit">Whether they are scaled to length 1, so that products are cosines.</param>
    /// <returns>[batch, tokens, width].</returns>
    public static Value Read(GraphView view, SimilarityFeature feature, FeatureHeads heads, bool unit)
    {
        OnnxGraph graph = view.Graph;
        bool mean = heads == FeatureHeads.Mean;
        Value read = feature switch
        {
            SimilarityFeature.X => view.Tokens,
            SimilarityFeature.XPre => view.Input,
            SimilarityFeature.Query => mean ? graph.Mean(view.Query, 1) : view.Queries,
            SimilarityFeature.Key => mean ? graph.Mean(view.Key, 1) : view.Keys,
            _ => mean ? graph.Mean(view.Content, 1) : view.Contents,
        };
        return unit ? graph.Divide(read, graph.Larger(graph.Length(read, 2, keep: true), graph.Number(LeastLength))) : read;
    }
}
