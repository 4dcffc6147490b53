using System.Collections.Immutable;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Sweeps;
using Secateur.Evaluation.Timing;

namespace Secateur.Evaluation.Accuracy;

/// <summary>How a network answers on a table of texts, by itself and compared with another network on the same rows, with the metrics of GLUE (Wang et
/// al., ICLR 2019). Intervals are of 95%; they say what other texts of the same kind would give.</summary>
public sealed record TextSummary
{
    /// <summary>Accuracy, and what the comparison says of it, as for pictures; null where the network gives scores.</summary>
    public AccuracySummary? Classes { get; init; }

    /// <summary>F1 of class 1; null unless there are two classes and labels.</summary>
    public Estimate? F1 { get; init; }

    /// <summary>Matthews' correlation; null unless there are two classes and labels.</summary>
    public Estimate? Matthews { get; init; }

    /// <summary>Pearson's correlation with the labels; null unless the network gives scores and there are labels.</summary>
    public Estimate? Pearson { get; init; }

    /// <summary>Spearman's correlation with the labels; null unless the network gives scores and there are labels.</summary>
    public Estimate? Spearman { get; init; }

    /// <summary>The other network's <see cref="Pearson"/> less this one's, on the same samples; null without another or without labels.</summary>
    public Estimate? PearsonLost { get; init; }

    /// <summary>The mean distance of this network's scores from the other's; null without another, or where there are classes.</summary>
    public Estimate? Distance { get; init; }

    /// <summary>Mean multiply-adds of a text.</summary>
    public required double Macs { get; init; }

    /// <summary>Mean multiply-adds of a text in the other network; null without another.</summary>
    public double? OtherMacs { get; init; }

    /// <summary>Summarises a network that knows classes.</summary>
    /// <param name="own">What it answered.</param>
    /// <param name="other">What another network with as many classes answered about the same rows; null for none.</param>
    /// <returns>The summary.</returns>
    /// <exception cref="InvalidDataException">An answer is no finite number, or the networks have not as many classes.</exception>
    public static TextSummary OfClasses(TextAnswers own, TextAnswers? other = null)
    {
        ArgumentNullException.ThrowIfNull(own);
        RequireAlike(own, other);
        TextTable table = own.Table;
        int rows = table.Rows.Length;
        PictureRange range = new(0, rows, rows);
        ImmutableArray<PictureEntry> entries = [.. table.Rows.Select(row => new PictureEntry($"line {row.Line}", table.Labelled ? (int)row.Label : PictureEntry.NoLabel))];
        CellResult cell = new("own", "", range, Answers(own, other), []), reference = other is null ? cell : new("other", "", range, Answers(other, null), []);
        int[] answers = [.. cell.Answers.Select(answer => answer.Top[0])], labels = [.. entries.Select(entry => entry.Label)];
        bool two = table.Labelled && own.Classes == 2;
        return new()
        {
            Classes = AccuracySummary.Of(cell, reference, entries),
            F1 = two ? TwoClasses.F1(answers, labels) : null,
            Matthews = two ? TwoClasses.Matthews(answers, labels) : null,
            Macs = own.Macs.Average(),
            OtherMacs = other?.Macs.Average(),
        };
    }

    /// <summary>Summarises a network that gives one score.</summary>
    /// <param name="own">What it answered.</param>
    /// <param name="other">What another network answered about the same rows; null for none.</param>
    /// <returns>The summary.</returns>
    /// <exception cref="InvalidDataException">An answer is no finite number, or is more than one number.</exception>
    public static TextSummary OfScores(TextAnswers own, TextAnswers? other = null)
    {
        ArgumentNullException.ThrowIfNull(own);
        RequireAlike(own, other);
        if (own.Classes != 1)
            throw new InvalidDataException($"The network answers each text with {own.Classes} numbers; a table has one score for each.");
        double[] scores = Scores(own), others = other is null ? [] : Scores(other), labels = [.. own.Table.Rows.Select(row => row.Label)];
        bool labelled = own.Table.Labelled;
        return new()
        {
            Pearson = labelled ? Correlation.Pearson(scores, labels) : null,
            Spearman = labelled ? Correlation.Spearman(scores, labels) : null,
            PearsonLost = labelled && other is not null ? Correlation.Lost(others, scores, labels) : null,
            Distance = other is null ? null : Bootstrap.Mean([.. scores.Zip(others, (a, b) => Math.Abs(a - b))]),
            Macs = own.Macs.Average(),
            OtherMacs = other?.Macs.Average(),
        };
    }

    static ImmutableArray<PictureAnswer> Answers(TextAnswers own, TextAnswers? other) => [.. Enumerable.Range(0, own.Tokens.Length).Select(row =>
        Answering.Of(own.Of(row), other is null ? [] : other.Of(row), own.Macs[row]) ?? throw NotFinite(own, row))];

    static double[] Scores(TextAnswers own) =>
        [.. Enumerable.Range(0, own.Tokens.Length).Select(row => float.IsFinite(own.Of(row)[0]) ? own.Of(row)[0] : throw NotFinite(own, row))];

    static InvalidDataException NotFinite(TextAnswers own, int row) => new($"{own.Table.Path}, line {own.Table.Rows[row].Line}: the network's answer is no finite number; its weights may be damaged.");

    static void RequireAlike(TextAnswers own, TextAnswers? other)
    {
        if (other is not null && (other.Classes != own.Classes || other.Tokens.Length != own.Tokens.Length))
            throw new InvalidDataException($"The networks answer with {own.Classes} and {other.Classes} numbers a text; only networks for the same task can be compared.");
    }
}
