using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>Decisions that no picture changes.</summary>
internal static class ConstantChoice
{
    /// <summary>The tokens with the largest scores stay, in the order of the sequence; among equals, the lower index.</summary>
    /// <param name="view">Where.</param>
    /// <param name="scores">One score a token; those of prefix tokens above all others, [tokens].</param>
    /// <param name="remove">How many go.</param>
    /// <returns>Indices of those that stay, int64 [1, kept].</returns>
    public static Value Keep(GraphView view, float[] scores, int remove)
    {
        long[] kept = [.. Enumerable.Range(0, view.Count).OrderByDescending(token => scores[token]).Take(view.Count - remove).Order()];
        return view.Graph.Whole(kept, 1, kept.Length);
    }
}
