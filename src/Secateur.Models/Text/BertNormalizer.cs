using System.Globalization;
using System.Text;

namespace Secateur.Models.Text;

/// <summary>What BERT does to a text before it cuts it (Devlin et al., NAACL 2019, in the released code): drops what cannot be seen, sets Chinese
/// characters apart, ignores case and accents where the vocabulary does.</summary>
/// <param name="CleanText">Whether control characters go and every white space becomes a space.</param>
/// <param name="HandleChinese">Whether every CJK ideograph becomes a word of its own.</param>
/// <param name="StripAccents">Whether accents go; null to follow <paramref name="Lowercase"/>.</param>
/// <param name="Lowercase">Whether case goes.</param>
internal sealed record BertNormalizer(bool CleanText, bool HandleChinese, bool? StripAccents, bool Lowercase)
{
    const int Replacement = 0xFFFD;

    public string Normalize(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            AddClean(rune, clean);
        string result = clean.ToString();
        if (Lowercase)
            result = LowerCase.Of(result);
        if (!(StripAccents ?? Lowercase))
            return result;
        clean.Clear();
        foreach (Rune rune in result.EnumerateRunes())
            Accents.Strip(rune, clean);
        return clean.ToString();
    }

    void AddClean(Rune rune, StringBuilder text)
    {
        if (CleanText && IsWhiteSpace(rune))
            text.Append(' ');
        else if (CleanText && (rune.Value == Replacement || IsControl(rune)))
            return;
        else if (HandleChinese && IsIdeograph(rune.Value))
            text.Append(' ').Append(rune.ToString()).Append(' ');
        else
            text.Append(rune.ToString());
    }

    static bool IsWhiteSpace(Rune rune) => rune.Value is '\t' or '\n' or '\r'
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    static bool IsControl(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;

    /// <summary>The blocks of CJK ideographs; kana and Hangul are written with spaces or as words, and stay together.</summary>
    static bool IsIdeograph(int c) => c is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
