using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>Who is left when the least important go: all prefix tokens and the best patches, in the order in which they came.</summary>
internal static class Survivors
{
    /// <summary>Makes the map.</summary>
    /// <param name="view">The sequence.</param>
    /// <param name="gone">Tokens that are out already, rising; all of them patches.</param>
    /// <param name="unimportant">How many of the others go.</param>
    /// <param name="importance">One score a token, [tokens]; not looked at when nobody else goes.</param>
    internal static TokenMap Keep(in TokenView view, ReadOnlySpan<int> gone, int unimportant, ReadOnlySpan<float> importance)
    {
        int tokens = view.Count, left = view.Patches - gone.Length, keep = left - unimportant;
        Span<int> kept = tokens <= 2048 ? stackalloc int[tokens] : new int[tokens];
        Span<ulong> keys = tokens <= 2048 ? stackalloc ulong[left] : new ulong[left];
        int filled = 0;
        for (int i = view.Prefix; i < tokens; i++)
            if (!gone.IsEmpty && gone[0] == i)
                gone = gone[1..];
            else
                keys[filled++] = unimportant == 0 ? (ulong)i : Selection.Key(importance[i], i);
        Selection.Best(keys, keep);
        for (int i = 0; i < view.Prefix; i++)
            kept[i] = i;
        Selection.Rising(keys[..keep], tokens, kept[view.Prefix..]);
        kept = kept[..(view.Prefix + keep)];
        return TokenMap.Keep(tokens, kept);
    }
}
