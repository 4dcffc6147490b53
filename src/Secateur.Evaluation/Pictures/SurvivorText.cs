using System.Collections.Immutable;
using Secateur.Models.Tokens;

namespace Secateur.Evaluation.Pictures;

/// <summary>Draws which patches of a picture are still computed, one character a patch: <c>#</c> a token of its own, a letter for patches
/// that share one token, <c>.</c> gone.</summary>
public static class SurvivorText
{
    /// <summary>A patch that is a token of its own.</summary>
    public const char Kept = '#';

    /// <summary>A patch that is computed no more.</summary>
    public const char Dropped = '.';

    const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>Draws.</summary>
    /// <param name="since">Where each token that entered the network is now.</param>
    /// <param name="grid">Rows and columns of patches.</param>
    /// <param name="prefix">Tokens before the patches.</param>
    /// <returns>[rows] lines of [columns] characters. Letters are given in the order of the first patch; after 52 they begin again.</returns>
    /// <exception cref="ArgumentException">The map is not of the prefix and all patches.</exception>
    public static ImmutableArray<string> Draw(TokenMap since, (int Rows, int Columns) grid, int prefix)
    {
        ArgumentNullException.ThrowIfNull(since);
        if (since.Group.Length != prefix + grid.Rows * grid.Columns)
            throw new ArgumentException($"A map of {since.Group.Length} tokens for {prefix} and {grid.Rows} x {grid.Columns} patches.", nameof(since));
        ReadOnlySpan<int> group = since.Group[prefix..];
        var members = new int[since.Count];
        foreach (int g in group)
            if (g != TokenMap.Dropped)
                members[g]++;

        var letter = new Dictionary<int, char>();
        var patches = new char[group.Length];
        for (int i = 0; i < patches.Length; i++)
            patches[i] = group[i] == TokenMap.Dropped ? Dropped : members[group[i]] == 1 ? Kept : LetterOf(group[i]);
        return [.. patches.Chunk(grid.Columns).Select(row => new string(row))];

        char LetterOf(int g) => letter.TryGetValue(g, out char known) ? known : letter[g] = Letters[letter.Count % Letters.Length];
    }
}
