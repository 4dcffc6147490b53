using Secateur.Models.Text;

namespace Secateur.Evaluation.Datasets;

/// <summary>A text of a table, or two that belong together.</summary>
/// <param name="Line">Where it stands, from 1.</param>
/// <param name="Text">The first text.</param>
/// <param name="Pair">The second; null where there is one alone.</param>
/// <param name="Label">The index of its class as the network counts, or its score; NaN where it has none.</param>
public readonly record struct TextRow(int Line, string Text, string? Pair, double Label)
{
    /// <summary>The text as a network reads it.</summary>
    /// <param name="tokenizer">The network's.</param>
    /// <param name="longest">The most tokens.</param>
    /// <returns>Its tokens.</returns>
    public TextTokens Encode(ITokenizer tokenizer, int longest)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return tokenizer.Encode(Text, Pair, longest);
    }
}

/// <summary>A row that cannot be used.</summary>
/// <param name="Line">Where it stands, from 1.</param>
/// <param name="Why">For people; names the file and the line.</param>
public readonly record struct BadRow(int Line, string Why);
