using System.Globalization;
using Secateur.Evaluation.Pictures;
using static Secateur.Evaluation.Reports.ReportWords;

namespace Secateur.Evaluation.Reports.Html;

/// <summary>The table of all results. The script makes its headings buttons that sort it; every cell says by what number.</summary>
internal static class ResultsTable
{
    /// <summary>What stands in a cell: the number it is sorted by, the words, and what stands small below them.</summary>
    readonly record struct Cell(double? By, string Words, string Small = "", bool Quiet = false);

    /// <summary>Writes it.</summary>
    public static void Write(MarkupWriter page, Report report)
    {
        (string Name, Func<ReportRow, Cell> Of)[] columns = [.. Columns(report)];
        HtmlReport.Section(page, "table", "All results");
        page.Words("p", $"{Count(report.Dense.Accuracy.Images)} pictures in every row; in small print, 95% intervals.", ("class", "note"));
        page.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", "The table, which scrolls"));
        page.Open("table", ("class", "results sortable"));
        page.Open("thead");
        page.Open("tr");
        page.Words("th", "plan", ("scope", "col"));
        foreach ((string name, _) in columns)
            page.Words("th", name, ("scope", "col"));
        page.Close("tr");
        page.Close("thead");
        page.Open("tbody");
        foreach (ReportRow row in report.Rows)
        {
            page.Open("tr", ("class", row.Cell.IsDense ? "is-dense" : "is-plan"));
            page.Open("th", ("scope", "row"), ("data-by", row.Title));
            page.Open("span", ("class", "plan"));
            if (!row.Cell.IsDense)
                page.Raw(HtmlReport.Glyph(report, row.Series));
            page.Words("span", row.Title);
            page.Close("span");
            page.Close("th");
            foreach ((_, Func<ReportRow, Cell> of) in columns)
                Write(page, of(row));
            page.Close("tr");
        }

        page.Close("tbody");
        page.Close("table");
        page.Close("div");
        page.Close("section");
    }

    static void Write(MarkupWriter page, Cell cell)
    {
        (string, string)[] attributes = cell.By is { } by ? [("data-by", by.ToString("R", CultureInfo.InvariantCulture))] : [];
        page.Open("td", cell.Quiet ? [.. attributes, ("class", "quiet")] : attributes);
        page.Words("span", cell.Words ?? "");
        if (cell.Small is { Length: > 0 })
            page.Words("small", cell.Small);
        page.Close("td");
    }

    static IEnumerable<(string, Func<ReportRow, Cell>)> Columns(Report report)
    {
        if (report.Rows.Any(row => row.Cell.Budget is not null))
            yield return ("budget", row => row.Cell.Budget is { } budget ? new(budget, Whole(budget)) : default);
        if (report.Rows.Any(row => row.Cell.Seed is not null))
            yield return ("seed", row => row.Cell.Seed is { } seed ? new(seed, seed.ToString(CultureInfo.InvariantCulture)) : default);
        yield return ("GMACs", row => new(row.Accuracy.Macs, Giga(row.Accuracy.Macs), $"blocks {Giga(row.BlockMacs)}"));
        yield return ("of dense", row => new(row.Accuracy.MacRatio, Percent(row.Accuracy.MacRatio)));
        if (report.Labelled)
        {
            yield return ("top-1", row => row.Accuracy.Top1 is { } top1 ? new(top1.Part, Percent(top1.Part), Interval(top1.Interval)) : default);
            yield return ("top-5", row => row.Accuracy.Top5 is { } top5 ? new(top5.Part, Percent(top5.Part)) : default);
            yield return ("lost, points", Lost);
        }

        yield return ("same answer", row => row.Cell.IsDense ? default : new(row.Accuracy.Agreement.Part, Percent(row.Accuracy.Agreement.Part), Interval(row.Accuracy.Agreement.Interval)));
        yield return ("KL, nats", row => row.Cell.IsDense ? default : new(row.Accuracy.Divergence.Value, Nats(row.Accuracy.Divergence.Value)));
        if (!report.Timed)
            yield break;
        yield return ("p50, ms", row => (row.Cell.IsDense ? report.DenseTiming?.Dense : row.Timing?.Plan) is { } times ? new(times.P50, Milliseconds(times.P50), $"p95 {Milliseconds(times.P95)}") : default);
        yield return ("speed", Speed);
    }

    static Cell Lost(ReportRow row) => row.Cell.IsDense || row.Accuracy.Lost is not { } lost
        ? default
        : row.Accuracy.Differs ? new(lost.Value, Points(lost.Value), Points(lost)) : new(lost.Value, "no difference", $"{Points(lost.Value)}: {Points(lost)}", Quiet: true);

    static Cell Speed(ReportRow row) => row.Cell.IsDense || row.Timing is not { } timing
        ? default
        : timing.Differs ? new(timing.Speedup.Value, Times(timing.Speedup.Value), Times(timing.Speedup)) : new(timing.Speedup.Value, "no difference", $"{Times(timing.Speedup.Value)}: {Times(timing.Speedup)}", Quiet: true);
}
