using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>The squared Euclidean distances of all patches from each other over the width: |a - b|^2 / C = (a a + b b - 2 a b) / C.</summary>
internal static class PatchDistancesGraph
{
    /// <summary>Measures.</summary>
    /// <param name="view">Shows its tokens.</param>
    /// <returns>0 on the diagonal, [batch, patches, patches].</returns>
    public static Value Of(GraphView view)
    {
        OnnxGraph graph = view.Graph;
        int count = view.Patches;
        Value patches = graph.Slice(view.Tokens, 1, view.Prefix, view.Count);
        Value products = graph.MatrixProduct(patches, graph.Transpose(patches, 0, 2, 1));

        // The diagonal, so that a patch is at no distance from itself to the last bit.
        Value squares = graph.Slice(graph.Reshape(products, view.Batch, count * count), 1, 0, count * count, count + 1);
        Value sums = graph.Add(graph.Unsqueeze(squares, 2), graph.Unsqueeze(squares, 1));
        Value squared = graph.Multiply(graph.Subtract(sums, graph.Add(products, products)), graph.Number(1f / patches.Size(2)));
        return graph.Larger(squared, graph.Number(0f)); // what is rounded below 0 is 0
    }
}
