using Secateur.Evaluation.Pictures;
using Secateur.Evaluation.Timing;
using static Secateur.Evaluation.Reports.ReportWords;

namespace Secateur.Evaluation.Reports.Charts;

/// <summary>Draws where the time of a run goes: a bar a plan, part by part, below one for the dense network.</summary>
/// <param name="report">The results; some rows are timed.</param>
internal sealed class StageChart(Report report)
{
    const double Line = 25, Thick = 15, End = 96;

    static readonly (string Name, Func<StageTimes, double> Of)[] Stages =
    [
        ("embedding", times => times.Embedding),
        ("attention", times => times.Attention),
        ("MLP", times => times.Mlp),
        ("selection", times => times.Selection),
        ("head", times => times.Head),
    ];

    /// <summary>Draws it.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="kind">Class of the drawing.</param>
    public string Draw(double width, string kind)
    {
        ReportRow[] rows = [.. report.Plans.Where(row => row.Timing is not null)];
        PlanTiming dense = report.DenseTiming!;
        bool narrow = width < 500;
        double left = narrow ? 0 : 14 + (6.9 * rows.Max(row => Math.Min(28, row.Title.Length))), line = narrow ? Line + 17 : Line;
        double most = Math.Max(Whole(dense.DenseStages), rows.Max(row => Whole(Brought(row.Timing!, dense))));
        int above = Legend(null, width, narrow ? 0 : left);
        double height = 16 + (18 * above) + (line * (rows.Length + 1)) + (8 * report.Series.Length);
        var x = new Axis(0, most > 0 ? most : 1, left, width - End);
        var svg = SvgWriter.Inside(width, height, $"chart {kind}", "img", $"Milliseconds of a run by part. {Words("dense", dense.DenseStages)} {string.Join(' ', rows.Select(row => Words(row.Title, Brought(row.Timing!, dense))))}");
        Legend(svg, width, narrow ? 0 : left);
        double top = 12 + (18 * above);
        Bar(svg, x, top, narrow, "dense", dense.DenseStages, $"{Milliseconds(Whole(dense.DenseStages))} ms");
        string? series = null;
        foreach (ReportRow row in rows)
        {
            top += line + (row.Series != series ? 8 : 0);
            series = row.Series;
            StageTimes own = Brought(row.Timing!, dense);
            Bar(svg, x, top, narrow, row.Title, own, $"{Milliseconds(Whole(own))} ms, {(row.Timing!.Differs ? Times(row.Timing.Speedup.Value) : "same")}");
        }

        return svg.End();
    }

    static void Bar(SvgWriter svg, Axis x, double top, bool narrow, string name, StageTimes times, string whole)
    {
        string shown = name.Length <= 28 ? name : name[..27] + "…";
        if (narrow)
            svg.Text(0, top + 12, "name", shown);
        else
            svg.Text(x.Start - 10, top + 12, "name", shown, ("text-anchor", "end"));
        top += narrow ? 17 : 0;
        double at = x.Start;
        for (int i = 0; i < Stages.Length; i++)
        {
            double part = Math.Max(0, Stages[i].Of(times)), to = at + (part / x.To * (x.End - x.Start));
            svg.Element("rect", ("x", SvgWriter.N(at)), ("y", SvgWriter.N(top)), ("width", SvgWriter.N(Math.Max(0, to - at - 0.8))), ("height", SvgWriter.N(Thick)), ("class", $"part s{i}"));
            if (to - at > 46)
                svg.Text((at + to) / 2, top + 11.5, $"value v{i}", Milliseconds(part), ("text-anchor", "middle"));
            at = to;
        }

        svg.Text(at + 7, top + 12, "total", whole);
    }

    /// <summary>Names the parts, in as many lines as they need; returns how many, and draws nothing where there is nothing to draw on.</summary>
    static int Legend(SvgWriter? svg, double width, double start)
    {
        (double left, int line) = (start, 0);
        for (int i = 0; i < Stages.Length; i++)
        {
            double own = 19 + (7.4 * Stages[i].Name.Length);
            if (left + own > width)
                (left, line) = (start, line + 1);
            svg?.Element("rect", ("x", SvgWriter.N(left)), ("y", SvgWriter.N(3 + (18 * line))), ("width", "11"), ("height", "11"), ("class", $"part s{i}"));
            svg?.Text(left + 15, 13 + (18 * line), "tick", Stages[i].Name);
            left += own + 9;
        }

        return line + 1;
    }

    /// <summary>A plan's parts at the pace of the dense run that is shown. Plans that were timed minutes apart met a machine of another pace; each knows
    /// its speed against the dense network of its own series.</summary>
    static StageTimes Brought(PlanTiming timing, PlanTiming dense)
    {
        double scale = Whole(timing.PlanStages) is > 0 and var whole ? Whole(dense.DenseStages) / timing.Speedup.Value / whole : 1;
        StageTimes own = timing.PlanStages;
        return new(own.Embedding * scale, own.Attention * scale, own.Mlp * scale, own.Selection * scale, own.Head * scale);
    }

    static double Whole(StageTimes times) => Stages.Sum(stage => stage.Of(times));

    static string Words(string name, StageTimes times) => $"{name}: {string.Join(", ", Stages.Select(stage => $"{stage.Name} {Milliseconds(stage.Of(times))}"))}.";
}
