using System.Collections.Immutable;

namespace Secateur.Models.Text;

/// <summary>Texts of any lengths one after another, without padding.</summary>
public sealed class TextBatch
{
    TextBatch(ImmutableArray<int> ids, ImmutableArray<int> types, ImmutableArray<int> offsets) => (Ids, Types, Offsets) = (ids, types, offsets);

    /// <summary>Numbers in the vocabulary, [tokens of all texts].</summary>
    public ImmutableArray<int> Ids { get; }

    /// <summary>Which part of a pair each token belongs to, [tokens of all texts].</summary>
    public ImmutableArray<int> Types { get; }

    /// <summary>First token of each text, and the number of all tokens at the end, [texts + 1].</summary>
    public ImmutableArray<int> Offsets { get; }

    /// <summary>Number of texts.</summary>
    public int Texts => Offsets.Length - 1;

    /// <summary>Puts texts one after another.</summary>
    /// <param name="texts">One at least, none of them empty.</param>
    /// <returns>The batch.</returns>
    /// <exception cref="ArgumentException">There is no text, one has no tokens, or one has another number of types than of tokens.</exception>
    public static TextBatch Of(IReadOnlyList<TextTokens> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0)
            throw new ArgumentException("A batch has one text at least.", nameof(texts));
        long tokens = texts.Sum(text => (long)text.Ids.Length);
        if (tokens > Array.MaxLength)
            throw new ArgumentException($"{texts.Count} texts have {tokens} tokens together, more than one batch takes.", nameof(texts));
        var ids = ImmutableArray.CreateBuilder<int>((int)tokens);
        var types = ImmutableArray.CreateBuilder<int>((int)tokens);
        var offsets = ImmutableArray.CreateBuilder<int>(texts.Count + 1);
        foreach (TextTokens text in texts)
        {
            if (text.Ids.Length == 0 || (!text.Types.IsDefaultOrEmpty && text.Types.Length != text.Ids.Length))
                throw new ArgumentException($"Text {offsets.Count} has {text.Ids.Length} tokens and {(text.Types.IsDefault ? 0 : text.Types.Length)} types; expected one token at least, and a type for each or none.", nameof(texts));
            offsets.Add(ids.Count);
            ids.AddRange(text.Ids);
            if (text.Types.IsDefaultOrEmpty)
                types.AddRange(Enumerable.Repeat(0, text.Ids.Length));
            else
                types.AddRange(text.Types);
        }

        offsets.Add(ids.Count);
        return new(ids.MoveToImmutable(), types.MoveToImmutable(), offsets.MoveToImmutable());
    }
}
