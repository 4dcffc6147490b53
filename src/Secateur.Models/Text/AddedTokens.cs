using System.Globalization;
using System.Text;

namespace Secateur.Models.Text;

/// <summary>Finds added tokens in a text: from left to right, the longest where several begin.</summary>
internal sealed class AddedTokens
{
    readonly Node root = new();

    /// <summary>Some tokens.</summary>
    /// <param name="tokens">Their content is what is looked for; of equal ones the last counts.</param>
    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        foreach (AddedToken token in tokens.Where(token => token.Content.Length > 0))
        {
            Node node = root;
            foreach (char c in token.Content)
                node = node.Children.TryGetValue(c, out Node? child) ? child : node.Children[c] = new();
            node.Token = token;
        }
    }

    /// <summary>Cuts a text at its tokens.</summary>
    /// <param name="text">The text.</param>
    /// <returns>In order, tokens and the texts between them; no empty texts.</returns>
    public IEnumerable<(string Text, AddedToken? Token)> Split(string text)
    {
        int start = 0;
        for (int at = 0; root.Children.Count > 0 && at < text.Length;)
        {
            if (Longest(text, at) is not { } token)
            {
                at++;
                continue;
            }

            int left = at, right = at + token.Content.Length;
            while (token.StripLeft && left > start && char.IsWhiteSpace(text[left - 1]))
                left--;
            while (token.StripRight && right < text.Length && char.IsWhiteSpace(text[right]))
                right++;
            if (left > start)
                yield return (text[start..left], null);
            yield return (token.Content, token);
            start = at = right;
        }

        if (start < text.Length)
            yield return (text[start..], null);
    }

    AddedToken? Longest(string text, int at)
    {
        AddedToken? found = null;
        Node node = root;
        for (int i = at; i < text.Length && node.Children.TryGetValue(text[i], out Node? child); i++)
        {
            node = child;
            found = node.Token ?? found;
        }

        return found is { SingleWord: true } && (TouchesBefore(text, at) || TouchesBehind(text, at + found.Content.Length)) ? null : found;
    }

    static bool TouchesBefore(string text, int end) => end > 0 && Rune.DecodeLastFromUtf16(text.AsSpan(0, end), out Rune rune, out _) == System.Buffers.OperationStatus.Done && IsWord(rune);

    static bool TouchesBehind(string text, int start) => start < text.Length && Rune.DecodeFromUtf16(text.AsSpan(start), out Rune rune, out _) == System.Buffers.OperationStatus.Done && IsWord(rune);

    static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    sealed class Node
    {
        public Dictionary<char, Node> Children { get; } = [];

        public AddedToken? Token { get; set; }
    }
}
