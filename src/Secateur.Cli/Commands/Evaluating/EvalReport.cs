using Secateur.Evaluation;
using Secateur.Evaluation.Accuracy;
using Spectre.Console;

namespace Secateur.Cli.Commands.Evaluating;

/// <summary>An evaluation for people: a table, what it means in words, and the pictures that were lost.</summary>
/// <param name="terminal">Where to write.</param>
/// <param name="evaluation">What was measured.</param>
internal sealed class EvalReport(Terminal terminal, Evaluation evaluation)
{
    const int LongestName = 24, LongestPicture = 36;

    readonly IAnsiConsole console = terminal.Tables();
    readonly AccuracySummary dense = evaluation.Dense.Summary;

    IEnumerable<EvaluatedCell> All => [evaluation.Dense, .. evaluation.Plans];

    bool Labelled => dense.Top1 is not null;

    public void Write()
    {
        console.MarkupLineInterpolated($"[bold]{evaluation.Manifest.Architecture}[/] on {evaluation.Manifest.Pictures}{(dense.Bad > 0 ? $", {dense.Bad} of which cannot be read" : "")}");
        if (evaluation.Partial)
            console.MarkupLineInterpolated($"[bold]Partial: stopped early. The numbers are of the pictures that were done, {dense.Images} of them densely; more of them would say something else.[/]");
        Numbers();
        foreach (EvaluatedCell plan in evaluation.Plans)
            console.MarkupLineInterpolated($"{Words(plan)}");
        console.MarkupLineInterpolated($"Of the blocks alone, as most papers count: {string.Join(", ", All.Select(cell => $"{cell.Cell.Plan.Name} {(cell.Summary.Macs - cell.Summary.SelectionMacs - evaluation.OuterMacs) / 1e9:0.000}"))} GMACs.");
        console.MarkupLine("[dim]Below each number its 95% interval: what other pictures of this kind may give. A difference whose interval holds 0 is no difference. lost: points of top-1, dense less plan, on the same pictures. same: answers as dense. KL: of the plan's probabilities from dense, nats. GMACs (papers: GFLOPs): 10^9 multiply-adds of a picture as executed, with patch embedding, classifier and selection; below, the part of dense.[/]");
        foreach (EvaluatedCell plan in evaluation.Plans)
            Regressions(plan);
        if (evaluation.PerClass && Labelled)
            Classes();
    }

    void Numbers()
    {
        // Without lines between the columns it fits into 80 of them.
        var table = new Table().Border(TableBorder.Simple);
        foreach (string title in (string[])["plan", .. Labelled ? ["top-1", "top-5"] : Array.Empty<string>(), .. evaluation.Plans.Count == 0 ? [] : Labelled ? ["lost", "same", "KL"] : (string[])["same", "KL"], "GMACs"])
            table.AddColumn(new TableColumn(title).PadLeft(0).PadRight(2).NoWrap());
        foreach (EvaluatedCell cell in All)
        {
            AccuracySummary summary = cell.Summary;
            table.AddRow([
                Markup.Escape(Short(cell.Cell.Plan.Name)) + (summary.Images == dense.Images ? "" : $"\n[dim]{summary.Images} pictures[/]"),
                .. Column(Labelled, Text(summary.Top1)), .. Column(Labelled, $"{100 * summary.Top5?.Part:0.00}%"),
                .. cell.Cell.IsDense
                    ? Enumerable.Repeat("", evaluation.Plans.Count == 0 ? 0 : Labelled ? 3 : 2)
                    : [.. Column(Labelled, summary.Lost is { } lost ? $"{100 * lost.Value:0.00}\n[dim]{100 * lost.Low:0.0}..{100 * lost.High:0.0}[/]" : ""), Text(summary.Agreement), $"{summary.Divergence.Value:0.000}\n[dim]{summary.Divergence.Low:.000}-{summary.Divergence.High:.000}[/]"],
                $"{summary.Macs / 1e9:0.000}{(cell.Cell.IsDense ? "" : $"\n[dim]{summary.MacRatio:0%}[/]")}"]);
        }

        console.Write(table);
    }

    static string Text(Proportion? part) => part is { } one ? $"{100 * one.Part:0.00}%\n[dim]{100 * one.Interval.Low:0.0}-{100 * one.Interval.High:0.0}[/]" : "";

    static string[] Column(bool there, string text) => there ? [text] : [];

    string Words(EvaluatedCell plan)
    {
        AccuracySummary summary = plan.Summary;
        string name = plan.Cell.Plan.Name, same = $"{summary.Agreement.Count} of {summary.Images} answers are as dense";
        if (summary.Lost is not { } lost)
            return $"{name}: {same}; without labels nobody can say which are right.";
        int fewer = summary.DenseTop1!.Value.Count - summary.Top1!.Value.Count, gained = summary.Regressions.Length - fewer;
        string moved = $"{summary.Regressions.Length} lost and {gained} gained, McNemar's exact p = {P(summary.McNemar!.Value)}";
        return !summary.Differs
            ? $"{name}: no difference in top-1 that these pictures can show ({100 * lost.Low:0.0} to {100 * lost.High:0.0} points; {moved})."
            : $"{name}: {(lost.Value > 0 ? "loses" : "gains")} {100 * Math.Abs(lost.Value):0.00} points of top-1 ({moved}).";
    }

    static string P(double p) => p < 0.0001 ? $"{p:0.0e0}" : $"{p:0.0000}";

    void Regressions(EvaluatedCell plan)
    {
        var worst = plan.Summary.Regressions;
        if (worst.IsEmpty || evaluation.Top == 0)
            return;
        var table = new Table().Border(TableBorder.Rounded).AddColumn("picture");
        if (Labelled)
            table.AddColumns("dense, rightly", plan.Cell.Plan.Name);
        else
            table.AddColumns("dense", Markup.Escape(plan.Cell.Plan.Name));
        foreach (Regression one in worst.Take(evaluation.Top))
            table.AddRow(Markup.Escape(Short(one.Name)), Answer(one.Dense, one.DenseProbability), Answer(one.Plan, one.PlanProbability));
        console.MarkupLineInterpolated($"{plan.Cell.Plan.Name}: {(Labelled ? "right densely and wrong now" : "changed answers")}: {worst.Length}{(worst.Length > evaluation.Top ? $"; the {evaluation.Top} of which dense was surest" : "")}");
        console.Write(table);
    }

    void Classes()
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("class", "pictures", "dense").AddColumns([.. evaluation.Plans.Select(plan => Markup.Escape(plan.Cell.Plan.Name))]);
        var plans = evaluation.Plans.Select(plan => plan.Summary.Classes.ToDictionary(one => one.Class)).ToArray();
        foreach (ClassAccuracy one in dense.Classes)
            table.AddRow([Markup.Escape(Class(one.Class)), $"{one.Dense.Of}", Text(one.Dense), .. plans.Select(plan => plan.TryGetValue(one.Class, out ClassAccuracy its) ? Text(its.Plan) : "")]);
        console.Write(table);
    }

    string Answer(int index, float probability) => $"{Markup.Escape(Class(index))} {probability:0%}";

    /// <summary>The first of a class's names.</summary>
    string Class(int index) => evaluation.ClassName(index).Split(',')[0] is { Length: > LongestName } name ? $"{name[..(LongestName - 3)]}..." : evaluation.ClassName(index).Split(',')[0];

    static string Short(string name) => name.Length <= LongestPicture ? name : $"...{name[^(LongestPicture - 3)..]}";
}
