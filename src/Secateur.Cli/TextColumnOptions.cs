using System.CommandLine;
using Secateur.Evaluation.Datasets;

namespace Secateur.Cli;

/// <summary>Which columns of a table of texts are meant, for those that are not recognised.</summary>
internal sealed class TextColumnOptions
{
    readonly Option<string?> text = Column("--text-column", "Texts: the column of the text, or of the first of two.");
    readonly Option<string?> pair = Column("--pair-column", "Texts: the column of the second text.");
    readonly Option<string?> label = Column("--label-column", "Texts: the column of the labels.");

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [text, pair, label];

    /// <summary>What was said.</summary>
    /// <param name="arguments">What was typed.</param>
    public TextTableOptions Of(ParseResult arguments) => new() { TextColumn = arguments.GetValue(text), PairColumn = arguments.GetValue(pair), LabelColumn = arguments.GetValue(label) };

    static Option<string?> Column(string name, string what) => new(name) { Description = $"{what} Default: by the names that GLUE's tasks use; a number where the file has no header.", HelpName = "NAME|N" };
}
