using Secateur.Evaluation.Pictures;
using Secateur.Evaluation.Profiling;
using Secateur.Evaluation.Reports.Charts;

namespace Secateur.Evaluation.Reports.Html;

/// <summary>A report as one HTML file that needs nothing else: no network, no fonts, and no script to be read. The same results are always the same bytes.</summary>
public static class HtmlReport
{
    const double Wide = 530, High = 400, Narrow = 344, NarrowHigh = 360;

    /// <summary>Writes it.</summary>
    /// <param name="report">The results.</param>
    /// <param name="pictures">Pictures to show; null where they are not at hand.</param>
    /// <param name="without">Why there are no pictures.</param>
    /// <returns>The text of the file; it is XML too.</returns>
    public static string Write(Report report, ReportPictures? pictures, string? without = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        var page = new MarkupWriter();
        page.Raw("<!DOCTYPE html>\n");
        page.Open("html", ("lang", "en"), ("xmlns", "http://www.w3.org/1999/xhtml"));
        PageTop.Head(page, report);
        page.Open("body");
        page.Words("a", "Skip to the table", ("href", "#table"), ("class", "skip"));
        PageTop.Write(page, report);
        page.Open("main");
        Fronts(page, report);
        Stages(page, report);
        Device(page, report);
        ResultsTable.Write(page, report);
        PictureSections.Write(page, report, pictures, without);
        Method(page, report);
        page.Close("main");
        page.Open("footer");
        page.Words("p", $"Written by secateur {report.Manifest.Tool}. One file; it asks nothing of any network.");
        page.Close("footer");
        page.Raw($"<script>{PageParts.Script}</script>\n");
        page.Close("body");
        page.Close("html");
        return page.ToString();
    }

    static void Fronts(MarkupWriter page, Report report)
    {
        if (report.Plans.IsEmpty)
            return;
        ParetoQuality[] qualities = report.Labelled ? [ParetoQuality.Top1, ParetoQuality.Agreement] : [ParetoQuality.Agreement];
        Section(page, "fronts", "What is kept, against what it costs");
        page.Words("p", $"The stepped line is the front: no other plan costs less and keeps more. Whiskers are 95% intervals{(report.Timed ? "; time is measured in turn with the dense network" : "")}. The vertical axis does not begin at zero.", ("class", "note"));
        if (qualities.Length > 1)
        {
            page.Open("fieldset", ("class", "switch"));
            page.Words("legend", "What is kept", ("class", "unseen"));
            Choice(page, "kept", "top1", "Right answers", true);
            Choice(page, "kept", "same", "Same as dense", false);
            page.Close("fieldset");
        }

        Key(page, report);
        foreach (ParetoQuality quality in qualities)
        {
            page.Open("div", ("class", qualities.Length == 1 ? "pair" : quality == ParetoQuality.Top1 ? "pair by-top1" : "pair by-same"));
            foreach (ParetoCost cost in (ReadOnlySpan<ParetoCost>)[ParetoCost.Macs, ParetoCost.Time])
                if (new ParetoChart(report, quality, cost) is { HasPoints: true } chart)
                    Figure(page, chart.Draw(Wide, High, "wide"), chart.Draw(Narrow, NarrowHigh, "narrow"));
            page.Close("div");
        }

        page.Close("section");
    }

    static void Key(MarkupWriter page, Report report)
    {
        page.Open("ul", ("class", "key"), ("aria-label", "Methods"));
        foreach (string series in report.Series)
        {
            page.Open("li");
            page.Raw(Glyph(report, series));
            page.Words("span", series);
            page.Close("li");
        }

        page.Close("ul");
    }

    /// <summary>The mark of a series, as large as a letter.</summary>
    internal static string Glyph(Report report, string series)
    {
        var svg = new SvgWriter();
        svg.Open("svg", ("viewBox", "0 0 14 14"), ("class", "glyph"), ("aria-hidden", "true"));
        Mark.Of(report, series).Draw(svg, 7, 7, 4.8);
        return svg.End();
    }

    static void Stages(MarkupWriter page, Report report)
    {
        if (!report.Plans.Any(row => row.Timing is not null))
            return;
        Section(page, "stages", "Where the time goes");
        page.Words("p", "Milliseconds of a run, part by part; beside each bar the whole, and the speed against dense. Selection is what the method itself costs. Each plan is shown at the pace of the dense run above it, by its speed against the dense network of its own series. “Same” is no difference beyond the noise.", ("class", "note"));
        var chart = new StageChart(report);
        Figure(page, chart.Draw(1080, "wide"), chart.Draw(Narrow, "narrow"));
        page.Close("section");
    }

    static void Device(MarkupWriter page, Report report)
    {
        if (report.Profile is not { } profile || profile.Batches.All(batch => batch.Points.IsEmpty))
            return;
        Section(page, "device", "The device’s staircase");
        page.Words("p", "What a run costs against the number of tokens. Line: medians; band: the middle half of the runs; dashed: steps beyond the noise.", ("class", "note"));
        page.Open("div", ("class", "pair"));
        foreach (BatchLatency batch in profile.Batches.Where(batch => !batch.Points.IsEmpty).Take(4))
            Figure(page, StaircaseChart.Draw(batch, Wide, 300, "wide"), StaircaseChart.Draw(batch, Narrow, 260, "narrow"), StaircaseChart.Words(profile, batch));
        page.Close("div");
        page.Close("section");
    }

    static void Method(MarkupWriter page, Report report)
    {
        Section(page, "how", "How it was measured");
        page.Open("ul", ("class", "notes"));
        foreach (string note in ReportFacts.Notes(report))
            page.Prose("li", note);
        page.Close("ul");
        page.Close("section");
        Section(page, "again", "To make it again");
        foreach (string command in ReportCommands.Of(report))
            page.Words("pre", command.ReplaceLineEndings(" "));
        page.Close("section");
    }

    /// <summary>A part of the page with its heading.</summary>
    internal static void Section(MarkupWriter page, string id, string title)
    {
        page.Open("section", ("aria-labelledby", id));
        page.Words("h2", title, ("id", id));
    }

    /// <summary>A choice that needs no script.</summary>
    internal static void Choice(MarkupWriter page, string group, string id, string name, bool chosen)
    {
        (string, string)[] attributes = [("type", "radio"), ("name", group), ("id", $"{group}-{id}")];
        page.Element("input", chosen ? [.. attributes, ("checked", "checked")] : attributes);
        page.Words("label", name, ("for", $"{group}-{id}"));
    }

    static void Figure(MarkupWriter page, string wide, string narrow, string? caption = null)
    {
        page.Open("figure");
        page.Raw(wide);
        page.Raw(narrow);
        if (caption is not null)
            page.Words("figcaption", caption);
        page.Close("figure");
    }
}
