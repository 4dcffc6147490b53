using System.Text;
using static Secateur.Evaluation.Reports.ReportWords;

namespace Secateur.Evaluation.Reports;

/// <summary>A report as Markdown: what was measured, what it says, the table.</summary>
public static class MarkdownReport
{
    const int Shown = 10;

    /// <summary>Writes it.</summary>
    /// <param name="report">The results.</param>
    /// <returns>The text of the file.</returns>
    public static string Write(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        text.Append("# ").Append(Safe(ReportFacts.Title(report))).Append("\n\n");
        foreach (string sentence in Findings.Of(report))
            text.Append("- ").Append(Prose(sentence)).Append('\n');
        text.Append('\n');
        foreach ((string name, string value) in ReportFacts.Of(report))
            text.Append("- ").Append(name).Append(": ").Append(Safe(value)).Append('\n');
        text.Append('\n');
        (string Name, Func<ReportRow, string> Value)[] columns = [.. Columns(report)];
        Line(columns.Select(column => column.Name));
        Line(columns.Select((_, i) => i == 0 ? "---" : "--:"));
        foreach (ReportRow row in report.Rows)
            Line(columns.Select(column => column.Value(row)));
        foreach (ReportRow row in report.Showcase(6).Where(row => !row.Accuracy.Regressions.IsEmpty))
        {
            text.Append(report.Labelled ? $"\n## Right densely, wrong under {Safe(row.Title)}\n\n" : $"\n## Answered otherwise under {Safe(row.Title)}\n\n");
            Line(["picture", .. report.Labelled ? ["class"] : Array.Empty<string>(), "dense", "plan"]);
            Line(["---", .. report.Labelled ? ["---"] : Array.Empty<string>(), "---", "---"]);
            foreach (var one in row.Accuracy.Regressions.Take(Shown))
                Line([Safe(one.Name), .. report.Labelled ? [Safe(report.ClassName(one.Label))] : Array.Empty<string>(), $"{Safe(report.ClassName(one.Dense))} {Percent(one.DenseProbability)}", $"{Safe(report.ClassName(one.Plan))} {Percent(one.PlanProbability)}"]);
        }

        text.Append("\n## How it was measured\n\n");
        foreach (string note in ReportFacts.Notes(report))
            text.Append("- ").Append(Prose(note)).Append('\n');
        text.Append("\n## To make it again\n\n");
        foreach (string command in ReportCommands.Of(report))
            text.Append("    ").Append(command.ReplaceLineEndings(" ")).Append('\n');
        return text.ToString();

        void Line(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
    }

    static IEnumerable<(string, Func<ReportRow, string>)> Columns(Report report)
    {
        yield return ("plan", row => Safe(row.Title));
        yield return ("GMACs", row => Giga(row.Accuracy.Macs));
        yield return ("blocks only", row => Giga(row.BlockMacs));
        yield return ("of dense", row => Percent(row.Accuracy.MacRatio));
        if (report.Labelled)
        {
            yield return ("top-1", row => row.Accuracy.Top1 is { } top1 ? $"{Percent(top1.Part)} ({Interval(top1.Interval)})" : "");
            yield return ("top-5", row => row.Accuracy.Top5 is { } top5 ? Percent(top5.Part) : "");
            yield return ("lost, points", row => row.Cell.IsDense || row.Accuracy.Lost is not { } lost ? "" : $"{Points(lost.Value)} ({Points(lost)}){(row.Accuracy.Differs ? "" : ", no difference")}");
        }

        yield return ("same answer", row => row.Cell.IsDense ? "" : $"{Percent(row.Accuracy.Agreement.Part)} ({Interval(row.Accuracy.Agreement.Interval)})");
        yield return ("KL, nats", row => row.Cell.IsDense ? "" : Nats(row.Accuracy.Divergence.Value));
        if (report.Timed)
        {
            yield return ("p50, ms", row => (row.Cell.IsDense ? report.DenseTiming?.Dense : row.Timing?.Plan) is { } times ? Milliseconds(times.P50) : "");
            yield return ("speed", row => row.Timing is { } timing ? $"{Times(timing.Speedup.Value)} ({Times(timing.Speedup)}){(timing.Differs ? "" : ", no difference")}" : "");
        }
    }

    static string Prose(string sentence) => string.Join('`', sentence.Split('`').Select((part, i) => i % 2 == 0 ? Safe(part) : part.ReplaceLineEndings(" ")));

    /// <summary>Characters that Markdown or the HTML in it would take for its own are escaped.</summary>
    static string Safe(string words) => string.Concat(words.ReplaceLineEndings(" ").Where(c => !char.IsControl(c)).Select(c => @"\`*_[]<>|#&".Contains(c) ? $"\\{c}" : $"{c}"));
}
