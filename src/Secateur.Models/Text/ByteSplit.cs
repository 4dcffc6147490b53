using System.Globalization;
using System.Text;

namespace Secateur.Models.Text;

/// <summary>GPT-2's way to cut a text into words before byte-pair encoding (Radford et al., 2019, in the released code), which is the pattern
/// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>, in one pass.</summary>
internal static class ByteSplit
{
    enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }

    /// <summary>Where the word that begins at an index ends.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">In [0, length of the text).</param>
    /// <returns>The index behind its last char.</returns>
    public static int End(ReadOnlySpan<char> text, int start)
    {
        if (Contraction(text[start..]) is > 0 and int length)
            return start + length;
        int at = start;
        Kind kind = KindAt(text, at, out int next);
        if (text[at] == ' ' && next < text.Length && KindAt(text, next, out int after) is not Kind.Space and Kind following)
            (at, kind, next) = (next, following, after);
        while (next < text.Length && KindAt(text, next, out after) == kind)
            (at, next) = (next, after);

        // Of several spaces before a word, the last one belongs to the word (or stands alone).
        return kind == Kind.Space && next < text.Length && at > start ? at : next;
    }

    static int Contraction(ReadOnlySpan<char> text) => text.Length < 2 || text[0] != '\'' ? 0 : text[1] switch
    {
        's' or 't' or 'm' or 'd' => 2,
        'r' or 'v' when text.Length > 2 && text[2] == 'e' => 3,
        'l' when text.Length > 2 && text[2] == 'l' => 3,
        _ => 0,
    };

    static Kind KindAt(ReadOnlySpan<char> text, int at, out int next)
    {
        Rune.DecodeFromUtf16(text[at..], out Rune rune, out int length);
        next = at + length;
        return Rune.IsWhiteSpace(rune) ? Kind.Space : Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Other,
        };
    }
}
