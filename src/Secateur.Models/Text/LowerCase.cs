using System.Globalization;
using System.Text;

namespace Secateur.Models.Text;

/// <summary>Lower case as Unicode has it in full (section 3.13): letter by letter but for two. A capital I with a dot keeps its dot as a mark, and a
/// capital sigma that ends a word becomes the final sigma.</summary>
internal static class LowerCase
{
    const char DottedI = '\u0130', Sigma = '\u03A3', FinalSigma = '\u03C2';

    public static string Of(string text)
    {
        string lower = text.ToLowerInvariant();
        if (text.AsSpan().IndexOfAny(DottedI, Sigma) < 0)
            return lower;
        var result = new StringBuilder(text.Length + 8);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == DottedI)
                result.Append("i\u0307");
            else if (text[i] == Sigma && EndsWord(text, i))
                result.Append(FinalSigma);
            else
                result.Append(lower[i]);
        }

        return result.ToString();
    }

    /// <summary>A letter stands before, none behind; marks and apostrophes between do not count.</summary>
    static bool EndsWord(string text, int sigma) => IsCased(Before(text, sigma)) && !IsCased(Behind(text, sigma + 1));

    static Rune? Before(string text, int end)
    {
        while (end > 0 && Rune.DecodeLastFromUtf16(text.AsSpan(0, end), out Rune rune, out int length) == System.Buffers.OperationStatus.Done)
        {
            if (!IsIgnorable(rune))
                return rune;
            end -= length;
        }

        return null;
    }

    static Rune? Behind(string text, int start)
    {
        while (start < text.Length && Rune.DecodeFromUtf16(text.AsSpan(start), out Rune rune, out int length) == System.Buffers.OperationStatus.Done)
        {
            if (!IsIgnorable(rune))
                return rune;
            start += length;
        }

        return null;
    }

    static bool IsCased(Rune? rune) => rune is { } one
        && Rune.GetUnicodeCategory(one) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;

    static bool IsIgnorable(Rune rune) => rune.Value is '\'' or '.' or ':' or 0xB7 or 0x387 or 0x55F or 0x5F4 or 0x2018 or 0x2019 or 0x2024 or 0x2027 or 0xFE13 or 0xFE52 or 0xFE55 or 0xFF07 or 0xFF0E or 0xFF1A
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
