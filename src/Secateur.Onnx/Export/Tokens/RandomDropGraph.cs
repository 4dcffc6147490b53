using Secateur.Compression.Tokens;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>Random drop: what the seed draws is a constant of the graph.</summary>
internal sealed class RandomDropGraph(RandomDrop method) : IGraphReducer
{
    public GraphMap Reduce(GraphView view, int remove)
    {
        int[] patches = [.. Enumerable.Range(view.Prefix, view.Patches)];
        new Random(method.Options.Seed).Shuffle(patches);
        HashSet<int> gone = [.. patches[..remove]];
        long[] kept = [.. Enumerable.Range(0, view.Count).Where(token => !gone.Contains(token))];
        return GraphMap.Keep(view.Graph.Whole(kept, 1, kept.Length));
    }
}
