using Secateur.Compression.Tokens;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>ToMe: two groups of patches, for every one of the first the most similar of the second, and the most similar merge.</summary>
internal sealed class ToMeGraph(ToMe method) : IGraphReducer
{
    public GraphMap? Reduce(GraphView view, int remove)
    {
        remove = Math.Min(remove, method.MostToRemove(view.Patches));
        if (remove == 0)
            return null;

        // 1. Two groups of patches.
        MatchingHalves halves = Split(view, remove);

        // 2. For every source, the destination whose key is most like its own; 3. the r most similar merge.
        return MatchingGraph.OfKeys(view, halves).Merge(halves, remove);
    }

    MatchingHalves Split(GraphView view, int remove)
    {
        if (method.Options.Matching == ToMeMatching.Bipartite)
            return MatchingHalves.ByPlace(view);
        int[] patches = [.. Enumerable.Range(0, view.Patches)];
        if (method.Options.Matching == ToMeMatching.Kth)
            return MatchingHalves.Of(view, [.. patches.Where(patch => !IsKth(patch))], [.. patches.Where(IsKth)]);
        new Random(method.Options.Seed).Shuffle(patches);
        return MatchingHalves.Of(view, [.. patches[..remove].Order()], [.. patches[remove..].Order()]);
    }

    bool IsKth(int patch) => (patch + 1) % method.Options.Every == 0;
}
