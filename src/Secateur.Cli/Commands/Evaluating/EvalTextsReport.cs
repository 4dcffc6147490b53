using Secateur.Evaluation;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Timing;
using Spectre.Console;

namespace Secateur.Cli.Commands.Evaluating;

/// <summary>An evaluation on texts for people: a table, what it means in words, and the texts that were lost.</summary>
/// <param name="terminal">Where to write.</param>
/// <param name="evaluation">What was measured.</param>
internal sealed class EvalTextsReport(Terminal terminal, TextEvaluation evaluation)
{
    const int LongestText = 40;

    readonly IAnsiConsole console = terminal.Tables();
    readonly TextSummary summary = evaluation.Summary;

    public void Write()
    {
        int bad = evaluation.Answers.Table.Bad.Length;
        console.MarkupLineInterpolated($"[bold]{evaluation.Network.Architecture}[/] on {evaluation.Answers.Table.Name}{(bad > 0 ? $", and {bad} rows that cannot be used" : "")}");
        console.MarkupLineInterpolated($"Tokens of a text: {evaluation.MeanTokens:0.0} in the mean, {evaluation.MostTokens} in the longest{(evaluation.Answers.Cut > 0 ? $", {evaluation.Answers.Cut} texts cut" : "")}. {evaluation.TextsPerSecond:0.0} texts a second, {summary.Macs / 1e9:0.0000} GMACs a text.");
        if (!evaluation.Answers.Table.Labelled)
            console.MarkupLine("The texts have no labels, so that nobody can say which answers are right.");
        Numbers();
        if (evaluation.Against is { } other)
            console.MarkupLineInterpolated($"{Words(other)}");
        console.MarkupLine("[dim]Beside each number its 95% interval: what other texts of this kind may give. A difference whose interval holds 0 is no difference.[/]");
        if (summary.Classes is { } classes)
            Classes(classes);
    }

    void Numbers()
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("", "value", "95%");
        if (summary.Classes is { } classes)
        {
            Row("accuracy", classes.Top1);
            Row("F1", summary.F1);
            Row("Matthews", summary.Matthews);
            if (evaluation.Against is not null)
            {
                Row("accuracy of the other", classes.DenseTop1);
                Row("accuracy lost, points", classes.Lost is { } lost ? new Estimate(100 * lost.Value, 100 * lost.Low, 100 * lost.High) : null, "0.00");
                Row("same answers", classes.Agreement);
                Row("KL from the other, nats", classes.Divergence);
            }
        }

        Row("Pearson", summary.Pearson);
        Row("Spearman", summary.Spearman);
        Row("Pearson lost", summary.PearsonLost);
        Row("distance from the other", summary.Distance);
        if (summary.OtherMacs is { } macs)
            table.AddRow("multiply-adds of the other's", $"{summary.Macs / macs:0.0%}", "");
        if (table.Rows.Count > 0)
            console.Write(table);

        void Row(string name, object? value, string form = "0.0000")
        {
            if (value is Proportion part)
                table.AddRow(name, $"{100 * part.Part:0.00}% ({part.Count} of {part.Of})", $"{100 * part.Interval.Low:0.0}-{100 * part.Interval.High:0.0}%");
            else if (value is Estimate one)
                table.AddRow(name, one.Value.ToString(form, null), $"{one.Low.ToString(form, null)} to {one.High.ToString(form, null)}");
        }
    }

    string Words(string other)
    {
        if (summary.Classes is not { } classes)
            return summary.PearsonLost is not { } less ? $"Compared with {other}: without labels nobody can say which is better." : less.Low <= 0 && less.High >= 0
                ? $"Compared with {other}: no difference in Pearson's correlation that these texts can show."
                : $"Compared with {other}: {(less.Value > 0 ? "loses" : "gains")} {Math.Abs(less.Value):0.0000} of Pearson's correlation.";
        string same = $"{classes.Agreement.Count} of {classes.Images} answers are the same";
        if (classes.Lost is not { } lost)
            return $"Compared with {other}: {same}; without labels nobody can say which are right.";
        int gained = classes.Regressions.Length - (classes.DenseTop1!.Value.Count - classes.Top1!.Value.Count);
        string moved = $"{same}, {classes.Regressions.Length} lost and {gained} gained, McNemar's exact p = {classes.McNemar:0.0000}";
        return !classes.Differs
            ? $"Compared with {other}: no difference in accuracy that these texts can show ({moved})."
            : $"Compared with {other}: {(lost.Value > 0 ? "loses" : "gains")} {100 * Math.Abs(lost.Value):0.00} points of accuracy ({moved}).";
    }

    void Classes(AccuracySummary classes)
    {
        if (evaluation.PerClass && classes.Classes.Length > 0)
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumns("class", "texts", "accuracy", "95%");
            foreach (ClassAccuracy one in classes.Classes)
                table.AddRow(Markup.Escape(evaluation.ClassName(one.Class)), $"{one.Plan.Of}", $"{100 * one.Plan.Part:0.00}%", $"{100 * one.Plan.Interval.Low:0.0}-{100 * one.Plan.Interval.High:0.0}%");
            console.Write(table);
        }

        if (evaluation.Against is not null && evaluation.Top > 0 && classes.Regressions.Length > 0)
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumns("line", "text", "other", "now");
            foreach (Regression one in classes.Regressions.Take(evaluation.Top))
                table.AddRow($"{evaluation.Answers.Table.Rows[one.Index].Line}", Markup.Escape(Short(evaluation.Answers.Table.Rows[one.Index].Text)), Markup.Escape(evaluation.ClassName(one.Dense)), $"{Markup.Escape(evaluation.ClassName(one.Plan))} {one.PlanProbability:0%}");
            console.MarkupLineInterpolated($"{(evaluation.Answers.Table.Labelled ? "Right in the other and wrong now" : "Changed answers")}: {classes.Regressions.Length}");
            console.Write(table);
        }
    }

    static string Short(string text)
    {
        string plain = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return plain.Length <= LongestText ? plain : $"{plain[..LongestText]}...";
    }
}
