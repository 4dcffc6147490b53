using Secateur.Compression.Tokens;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>DynamicViT without training: what the seed draws is a constant of the graph.</summary>
internal sealed class DynamicVitGraph(DynamicVit method) : IGraphReducer
{
    public GraphMap Reduce(GraphView view, int remove)
    {
        var random = new Random(method.Options.Seed);
        float[] logits = [.. Enumerable.Range(0, view.Count).Select(token => token < view.Prefix ? float.PositiveInfinity : random.NextSingle())];
        return GraphMap.Keep(ConstantChoice.Keep(view, logits, remove));
    }
}
