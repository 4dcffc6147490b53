using System.Globalization;

namespace Secateur.Evaluation.Datasets;

/// <summary>Where texts and labels stand in a table, by the headers of GLUE's tasks (Wang et al., ICLR 2019), or as was said.</summary>
/// <param name="Text">The first text's column, from 0.</param>
/// <param name="Pair">The second's; -1 for none.</param>
/// <param name="Label">The labels'; -1 for none.</param>
/// <param name="HasHeader">Whether the first line names the columns.</param>
internal readonly record struct TextColumns(int Text, int Pair, int Label, bool HasHeader)
{
    const int CoLaColumns = 4;

    static readonly (string Text, string Pair)[] Pairs =
        [("sentence1", "sentence2"), ("question1", "question2"), ("question", "sentence"), ("#1 String", "#2 String"), ("premise", "hypothesis"), ("question", "passage"), ("text_a", "text_b"), ("text1", "text2")];

    static readonly string[] Texts = ["sentence", "text", "review", "content"], Labels = ["gold_label", "label", "is_duplicate", "Quality", "score", "class"];

    /// <summary>Columns that a row must have.</summary>
    public int Needed => Math.Max(Text, Math.Max(Pair, Label)) + 1;

    /// <summary>Finds them.</summary>
    /// <param name="first">The first line's fields.</param>
    /// <param name="options">What was said of them.</param>
    /// <param name="where">The table, for errors.</param>
    /// <returns>Where they are.</returns>
    /// <exception cref="InvalidDataException">They are not there, or nobody can tell which they are.</exception>
    public static TextColumns Find(string[] first, TextTableOptions options, string where)
    {
        string[] said = [.. new[] { options.TextColumn, options.PairColumn, options.LabelColumn }.OfType<string>().Where(name => name != TextTableOptions.NoLabels)];
        if (options.TextColumn is not null && said.All(name => Number(name) is not null) && !said.All(first.Contains))
            return new(Number(options.TextColumn)!.Value, Number(options.PairColumn) ?? -1, Number(options.LabelColumn) ?? -1, HasHeader: false);
        if (said.Length == 0 && IsCoLa(first))
            return new(3, -1, options.LabelColumn is null ? 1 : -1, HasHeader: false);
        int text = -1, pair = -1;
        if (options.TextColumn is { } named)
            text = Require(named);
        else if (Pairs.FirstOrDefault(one => At(one.Text) >= 0 && At(one.Pair) >= 0) is { Text: not null } known)
            (text, pair) = (At(known.Text), At(known.Pair));
        else if (Texts.FirstOrDefault(one => At(one) >= 0) is { } single)
            text = At(single);
        else
            throw new InvalidDataException($"{where}: the columns are called {Called()}, and none of them is known to be a text's (sentence, sentence1 and sentence2, question1 and question2, ...). Name it: --text-column NAME, or its number where the file has no header.");
        if (options.PairColumn is { } other)
            pair = Require(other);
        int label = options.LabelColumn switch
        {
            TextTableOptions.NoLabels => -1,
            { } name => Require(name),
            null => Labels.Select(At).FirstOrDefault(index => index >= 0, -1),
        };
        return new(text, pair, label, HasHeader: true);

        int At(string name) => Array.FindIndex(first, field => string.Equals(field.Trim(), name, StringComparison.OrdinalIgnoreCase));
        int Require(string name) => At(name) is >= 0 and var index ? index : throw new InvalidDataException($"{where}: there is no column '{name}'; its columns are called {Called()}.");
        string Called() => $"'{string.Join("', '", first.Take(12).Select(TextTable.Short))}'";
    }

    /// <summary>Whether a line is CoLa's: a source, 0 or 1, an asterisk or nothing, a sentence; the one task whose tables have no header.</summary>
    static bool IsCoLa(string[] first) => first.Length == CoLaColumns && first[1] is "0" or "1" && first[2] is "" or "*";

    static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 10_000 ? number - 1 : null;
}
