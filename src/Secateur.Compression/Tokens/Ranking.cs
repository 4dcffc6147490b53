using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>Prefix tokens, then the best patches in the order of their scores, best first; the rest goes, or becomes one token at the end.</summary>
internal static class Ranking
{
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

    /// <summary>The rest becomes the mean of its tokens by weight.</summary>
    /// <param name="view">The sequence.</param>
    /// <param name="scores">One score a token, [tokens].</param>
    /// <param name="keep">How many patches stay; at least two do not.</param>
    /// <param name="weights">Weights of the rest, [tokens]; empty for equal ones.</param>
    internal static TokenMap Fuse(in TokenView view, ReadOnlySpan<float> scores, int keep, ReadOnlySpan<float> weights)
    {
        int tokens = view.Count, kept = view.Prefix + keep;
        Span<int> order = tokens <= 2048 ? stackalloc int[tokens] : new int[tokens];
        Span<int> group = tokens <= 2048 ? stackalloc int[tokens] : new int[tokens];
        Span<float> equal = tokens <= 2048 ? stackalloc float[tokens] : new float[tokens];
        Order(view, scores, keep, order);
        for (int i = 0; i < tokens; i++)
            group[order[i]] = Math.Min(i, kept);
        equal.Fill(1);
        return TokenMap.FromGroups(group, kept + 1, weights.IsEmpty ? equal : weights);
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
