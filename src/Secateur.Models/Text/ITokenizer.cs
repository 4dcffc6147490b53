namespace Secateur.Models.Text;

/// <summary>Turns texts into the numbers that a network embeds. Immutable; safe to use from many threads.</summary>
public interface ITokenizer
{
    /// <summary>One more than the largest id it can yield: a network needs at least so many rows of token embeddings.</summary>
    int Size { get; }

    /// <summary>Encodes one text, or two that belong together, with the special tokens that the network was trained with.</summary>
    /// <param name="text">The text, as people write it.</param>
    /// <param name="pair">The second text; null for one alone.</param>
    /// <param name="longest">The most tokens, special ones included. Of two texts the longer one is cut first, always at its end.</param>
    /// <returns>Ids and types, as many of each.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="longest"/> leaves no room for the special tokens.</exception>
    TextTokens Encode(string text, string? pair = null, int longest = int.MaxValue);
}
