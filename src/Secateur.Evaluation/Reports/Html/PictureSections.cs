using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Pictures;
using Secateur.Models.Images;
using Secateur.Models.Tokens;
using static Secateur.Evaluation.Reports.ReportWords;

namespace Secateur.Evaluation.Reports.Html;

/// <summary>What can be seen: which patches are left, and answers that changed for the worse.</summary>
internal static class PictureSections
{
    const int MostPanels = 5;
    const int Listed = 8;

    /// <summary>Writes both sections.</summary>
    public static void Write(MarkupWriter page, Report report, ReportPictures? pictures, string? without)
    {
        if (report.Plans.IsEmpty)
            return;
        if (pictures is not null)
            Symbols(page, pictures);
        Survivors(page, report, pictures, without);
        Regressions(page, report, pictures);
    }

    static void Symbols(MarkupWriter page, ReportPictures pictures)
    {
        page.Open("svg", ("class", "unseen"), ("aria-hidden", "true"), ("width", "0"), ("height", "0"));
        foreach ((int index, RgbImage picture) in pictures.Seen)
        {
            (int rows, int columns) = pictures.Grid;
            page.Open("symbol", ("id", SurvivorDrawing.Symbol(index)), ("viewBox", $"0 0 {columns} {rows}"));
            page.Element("image", ("href", $"data:image/png;base64,{Convert.ToBase64String(PngWriter.Encode(picture))}"), ("width", $"{columns}"), ("height", $"{rows}"), ("preserveAspectRatio", "none"));
            page.Close("symbol");
        }

        page.Close("svg");
    }

    static void Survivors(MarkupWriter page, Report report, ReportPictures? pictures, string? without)
    {
        if (pictures is null && without is null)
            return;
        HtmlReport.Section(page, "pictures", "What is still computed");
        if (pictures is null)
        {
            page.Words("p", without!, ("class", "note"));
            page.Close("section");
            return;
        }

        page.Words("p", "Stage by stage, the patches that are left. A patch that was dropped fades; patches that were merged share one outline and go on as one. Below each: the block, and how many patches go on.", ("class", "note"));
        foreach ((int index, var plans) in pictures.Stages)
        {
            PictureAnswer dense = report.Dense.Answers.Answers[index];
            int label = report.Pictures[index].Label;
            page.Open("article", ("class", "survivors"));
            page.Words("h3", report.Pictures[index].Name);
            page.Open("div", ("class", "strip"));
            page.Open("figure", ("class", "shot whole"));
            page.Raw(SurvivorDrawing.Panel(index, pictures.Grid, pictures.Prefix, null, $"{report.Pictures[index].Name} as the network saw it"));
            page.Words("figcaption", $"{(label >= 0 ? $"{report.ClassName(label)}; dense: " : "dense: ")}{Answer(report, dense)}");
            page.Close("figure");
            page.Open("div", ("class", "plans"));
            foreach (PictureStages plan in plans)
                Strip(page, report, pictures, index, plan);
            page.Close("div");
            page.Close("div");
            page.Close("article");
        }

        page.Close("section");
    }

    static void Strip(MarkupWriter page, Report report, ReportPictures pictures, int index, PictureStages plan)
    {
        ReportRow row = report.Rows.First(one => one.Cell.Name == plan.Cell);
        PictureAnswer answer = row.Answers.Answers[index];
        bool changed = answer.Top[0] != report.Dense.Answers.Answers[index].Top[0];
        int label = report.Pictures[index].Label;
        page.Open("div", ("class", "run"));
        page.Open("p", ("class", "run-name"));
        page.Raw(HtmlReport.Glyph(report, row.Series));
        page.Words("strong", row.Title);
        page.Words("span", $"{Answer(report, answer)}{(label >= 0 ? answer.Top[0] == label ? "" : ", wrong" : changed ? ", changed" : "")}", ("class", changed ? "changed" : "same"));
        page.Close("p");
        page.Open("div", ("class", "panels"));
        foreach ((int block, TokenMap map) in Some(plan))
        {
            int patches = map.Count - pictures.Prefix, all = pictures.Grid.Rows * pictures.Grid.Columns;
            page.Open("figure", ("class", "shot"));
            page.Raw(SurvivorDrawing.Panel(index, pictures.Grid, pictures.Prefix, map, $"{row.Title}, block {block + 1}: {patches} of {all} patches"));
            page.Words("figcaption", $"block {block + 1}: {patches}");
            page.Close("figure");
        }

        page.Close("div");
        page.Close("div");
    }

    /// <summary>A few stages, evenly apart, the last among them.</summary>
    static IEnumerable<(int Block, TokenMap Map)> Some(PictureStages plan)
    {
        int count = Math.Min(MostPanels, plan.After.Length);
        return Enumerable.Range(1, count).Select(i => plan.After[(i * plan.After.Length / count) - 1]);
    }

    static void Regressions(MarkupWriter page, Report report, ReportPictures? pictures)
    {
        HtmlReport.Section(page, "regressions", report.Labelled ? "Right densely, wrong under a plan" : "Answers that changed");
        page.Words("p", "Those first of which the dense network was surest.", ("class", "note"));
        foreach (ReportRow row in report.Showcase(ReportPictures.Plans))
        {
            int all = row.Accuracy.Regressions.Length;
            page.Open("div", ("class", "run-name"));
            page.Raw(HtmlReport.Glyph(report, row.Series));
            page.Words("h3", row.Title);
            page.Words("span", all == 0 ? "none" : $"{Count(all)} of {Count(row.Accuracy.Images)}", ("class", "same"));
            page.Close("div");
            if (all == 0)
                continue;
            page.Open("ul", ("class", "regressions"));
            foreach (Regression one in row.Accuracy.Regressions.Take(pictures is null ? Listed : ReportPictures.Regressions))
                One(page, report, pictures, one);
            page.Close("ul");
        }

        page.Close("section");
    }

    static void One(MarkupWriter page, Report report, ReportPictures? pictures, Regression one)
    {
        page.Open("li");
        if (pictures is not null && pictures.Seen.ContainsKey(one.Index))
            page.Raw(SurvivorDrawing.Panel(one.Index, pictures.Grid, pictures.Prefix, null, one.Name));
        page.Open("div");
        page.Words("p", one.Name, ("class", "file"));
        page.Words("p", $"dense: {report.ClassName(one.Dense)}, {Percent(one.DenseProbability)}");
        page.Words("p", $"plan: {report.ClassName(one.Plan)}, {Percent(one.PlanProbability)}", ("class", "changed"));
        page.Close("div");
        page.Close("li");
    }

    static string Answer(Report report, PictureAnswer answer) => answer.IsBad ? "could not be read" : $"{report.ClassName(answer.Top[0])} {Percent(answer.Probability)}";
}
