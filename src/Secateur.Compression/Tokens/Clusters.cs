using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>Patches in groups around centres.</summary>
internal static class Clusters
{
    /// <summary>Every patch joins the centre nearest to it, a centre itself; ties go to the centre that comes first.</summary>
    /// <param name="distances">Of the patches.</param>
    /// <param name="centres">Patches, distinct, rising.</param>
    /// <param name="cluster">Filled with indices among <paramref name="centres"/>, [patches].</param>
    internal static void Assign(PatchDistances distances, ReadOnlySpan<int> centres, Span<int> cluster)
    {
        for (int i = 0; i < cluster.Length; i++)
        {
            ReadOnlySpan<float> from = distances.From(i);
            int nearest = 0;
            float least = from[centres[0]];
            for (int k = 1; k < centres.Length; k++)
                if (from[centres[k]] < least)
                    (nearest, least) = (k, from[centres[k]]);
            cluster[i] = nearest;
        }

        for (int k = 0; k < centres.Length; k++)
            cluster[centres[k]] = k;
    }

    /// <summary>The groups as a decision about all tokens: prefix tokens alone, then a token a cluster in the order of the centres.</summary>
    /// <param name="view">The sequence.</param>
    /// <param name="count">Clusters.</param>
    /// <param name="cluster">Of every patch, [patches].</param>
    /// <param name="weights">Of every patch in its cluster, [patches].</param>
    internal static TokenMap Map(in TokenView view, int count, ReadOnlySpan<int> cluster, ReadOnlySpan<float> weights)
    {
        Span<int> group = view.Count <= 2048 ? stackalloc int[view.Count] : new int[view.Count];
        Span<float> weight = view.Count <= 2048 ? stackalloc float[view.Count] : new float[view.Count];
        for (int i = 0; i < view.Prefix; i++)
            (group[i], weight[i]) = (i, 1);
        for (int i = 0; i < cluster.Length; i++)
            (group[view.Prefix + i], weight[view.Prefix + i]) = (view.Prefix + cluster[i], weights[i]);
        return TokenMap.FromGroups(group, view.Prefix + count, weight);
    }

    /// <summary>The patches with the largest scores, rising; ties go to the lower index.</summary>
    internal static void Largest(ReadOnlySpan<float> scores, Span<int> chosen)
    {
        Span<ulong> keys = scores.Length <= 2048 ? stackalloc ulong[scores.Length] : new ulong[scores.Length];
        for (int i = 0; i < keys.Length; i++)
            keys[i] = Selection.Key(scores[i], i);
        Selection.Best(keys, chosen.Length);
        for (int i = 0; i < chosen.Length; i++)
            chosen[i] = Selection.Index(keys[i]);
        chosen.Sort();
    }
}
