using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>Decisions by rank: prefix tokens, then the best patches in the order of their scores, best first; the rest goes, or becomes one token at the end.</summary>
internal static class Ranking
{
    // A token to which nobody attends at all still has a place in a mean; 1e-30 of anything is nothing in a sum.
    const float LeastWeight = 1e-30f;

    /// <summary>The rest goes without a trace.</summary>
    /// <param name="view">The sequence.</param>
    /// <param name="scores">One score a token, [tokens].</param>
    /// <param name="keep">How many patches stay.</param>
    internal static TokenMap Keep(in TokenView view, ReadOnlySpan<float> scores, int keep)
    {
        Span<int> order = view.Count <= 2048 ? stackalloc int[view.Count] : new int[view.Count];
        Order(view, scores, keep, order);
        return TokenMap.Keep(view.Count, order[..(view.Prefix + keep)]);
    }

    /// <summary>The rest becomes one token.</summary>
    /// <param name="view">The sequence.</param>
    /// <param name="scores">One score a token, 0 or more, [tokens].</param>
    /// <param name="keep">How many patches stay; at least two do not.</param>
    /// <param name="fuse">How; with <see cref="InattentiveFusion.None"/> the rest goes.</param>
    internal static TokenMap Fuse(in TokenView view, ReadOnlySpan<float> scores, int keep, InattentiveFusion fuse)
    {
        if (fuse == InattentiveFusion.None)
            return Keep(view, scores, keep);
        int tokens = view.Count, kept = view.Prefix + keep;
        Span<int> order = tokens <= 2048 ? stackalloc int[tokens] : new int[tokens];
        Span<int> group = tokens <= 2048 ? stackalloc int[tokens] : new int[tokens];
        Span<float> weights = tokens <= 2048 ? stackalloc float[tokens] : new float[tokens];
        Order(view, scores, keep, order);
        for (int i = 0; i < tokens; i++)
        {
            group[order[i]] = Math.Min(i, kept);
            weights[i] = fuse == InattentiveFusion.Mean ? 1 : MathF.Max(scores[i], LeastWeight);
        }

        TokenMap map = TokenMap.FromGroups(group, kept + 1, weights);
        return fuse == InattentiveFusion.Raw ? map.Summed() : map;
    }

    /// <summary>Two groups of patches, each in the order of the sequence: the most important, then the others.</summary>
    /// <param name="view">The sequence.</param>
    /// <param name="scores">One score a token, [tokens].</param>
    /// <param name="best">How many are in the first group.</param>
    /// <param name="groups">Filled with token indices, [patches].</param>
    internal static void Split(in TokenView view, ReadOnlySpan<float> scores, int best, Span<int> groups)
    {
        Span<ulong> keys = groups.Length <= 2048 ? stackalloc ulong[groups.Length] : new ulong[groups.Length];
        for (int i = 0; i < keys.Length; i++)
            keys[i] = Selection.Key(scores[view.Prefix + i], view.Prefix + i);
        Selection.Best(keys, best);
        Selection.Rising(keys[..best], view.Count, groups);
        Selection.Rising(keys[best..], view.Count, groups[best..]);
    }

    // All tokens: the prefix, those that stay in descending order, the others in no order.
    static void Order(in TokenView view, ReadOnlySpan<float> scores, int keep, Span<int> order)
    {
        Span<ulong> keys = view.Count <= 2048 ? stackalloc ulong[view.Patches] : new ulong[view.Patches];
        for (int i = 0; i < keys.Length; i++)
            keys[i] = Selection.Key(scores[view.Prefix + i], view.Prefix + i);
        Selection.Best(keys, keep);
        keys[..keep].Sort();
        for (int i = 0; i < order.Length; i++)
            order[i] = i < view.Prefix ? i : Selection.Index(keys[i - view.Prefix]);
    }
}
