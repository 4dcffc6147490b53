using System.Globalization;
using System.Text;

namespace Secateur.Models.Text;

/// <summary>BERT's way to cut text: at white space and around every punctuation mark, then each word into the longest pieces that the vocabulary knows,
/// from left to right (Wu et al., 2016, section 4.1; the greedy cut of BERT's released code).</summary>
/// <param name="vocabulary">The pieces; those inside a word begin with <paramref name="inside"/>.</param>
/// <param name="normalizer">What is done to a text first.</param>
/// <param name="unknown">The id of a word that cannot be cut.</param>
/// <param name="inside">"##".</param>
/// <param name="longestWord">Code points of the longest word that is cut; longer ones are unknown.</param>
internal sealed class WordPiece(Vocabulary vocabulary, BertNormalizer normalizer, int unknown, string inside, int longestWord) : IPieces
{
    public string Normalize(string text) => normalizer.Normalize(text);

    public void Encode(string text, List<int> ids)
    {
        char[] room = new char[inside.Length + Math.Max(vocabulary.Longest, 1)];
        inside.CopyTo(room);
        int start = 0, at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool mark = IsPunctuation(rune);
            if (mark || Rune.IsWhiteSpace(rune))
            {
                AddWord(text.AsSpan(start, at - start), room, ids);
                start = at + rune.Utf16SequenceLength;
            }

            if (mark)
                AddWord(text.AsSpan(at, rune.Utf16SequenceLength), room, ids);
            at += rune.Utf16SequenceLength;
        }

        AddWord(text.AsSpan(start), room, ids);
    }

    void AddWord(ReadOnlySpan<char> word, char[] room, List<int> ids)
    {
        if (word.IsEmpty)
            return;
        int before = ids.Count;
        bool known = word.Length <= longestWord || CodePoints(word) <= longestWord;
        for (int start = 0; known && start < word.Length;)
        {
            int length = Longest(word[start..], start > 0, room, out int id);
            known = length > 0;
            ids.Add(id);
            start += length;
        }

        if (known)
            return;
        ids.RemoveRange(before, ids.Count - before);
        ids.Add(unknown);
    }

    /// <summary>How many chars of the rest of a word make its longest known beginning; 0 for none.</summary>
    int Longest(ReadOnlySpan<char> rest, bool continues, char[] room, out int id)
    {
        int prefix = continues ? inside.Length : 0, length = Math.Min(rest.Length, vocabulary.Longest - prefix);
        if (length > 0)
            rest[..length].CopyTo(room.AsSpan(inside.Length));
        for (; length > 0; length--)
        {
            // No piece ends between the halves of a code point.
            if (length < rest.Length && char.IsLowSurrogate(rest[length]))
                continue;
            if (vocabulary.Find(room.AsSpan(inside.Length - prefix, prefix + length)) is { } found)
            {
                id = found;
                return length;
            }
        }

        id = unknown;
        return 0;
    }

    static int CodePoints(ReadOnlySpan<char> word)
    {
        int count = 0;
        foreach (Rune _ in word.EnumerateRunes())
            count++;
        return count;
    }

    /// <summary>Every mark of Unicode's, and all of ASCII that is neither letter, digit nor space ($, +, ~ are symbols elsewhere).</summary>
    static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~')
        : Rune.GetUnicodeCategory(rune) is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
            or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation;
}
