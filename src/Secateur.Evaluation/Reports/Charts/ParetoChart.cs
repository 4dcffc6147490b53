using System.Collections.Immutable;
using Secateur.Evaluation.Pictures;
using Secateur.Evaluation.Planning;
using Secateur.Evaluation.Timing;
using static Secateur.Evaluation.Reports.ReportWords;

namespace Secateur.Evaluation.Reports.Charts;

/// <summary>Draws what plans keep against what they cost: a point a plan with its intervals, a thin line a method, a stepped line for the front.</summary>
/// <param name="report">The results.</param>
/// <param name="quality">What is kept.</param>
/// <param name="cost">What it costs.</param>
internal sealed class ParetoChart(Report report, ParetoQuality quality, ParetoCost cost)
{
    const double Left = 46, Right = 18, Bottom = 46, Letter = 6.7;
    const double LabelGap = 16;

    readonly record struct Point(ReportRow Row, Mark Mark, Estimate X, Estimate Y);

    /// <summary>Whether there is anything to draw.</summary>
    public bool HasPoints => Points().Length > 0;

    /// <summary>Draws it.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="kind">Class of the drawing.</param>
    public string Draw(double width, double height, string kind)
    {
        ImmutableArray<Point> points = Points();
        double dense = quality == ParetoQuality.Top1 ? report.Dense.Accuracy.Top1!.Value.Part : 1;
        string what = quality == ParetoQuality.Top1 ? "top-1" : "same answer as dense";
        string against = cost == ParetoCost.Macs ? "multiply-adds" : "time of a run";
        double top = width < 400 ? 44 : 26;
        var svg = SvgWriter.Inside(width, height, $"chart {kind}", "group", $"{what} against {against}, both of the dense network's; {Some(points.Length, "plan")}. The table below has every number.");
        bool stretched = PartAxis.Wants(dense, points.Min(point => point.Y.Value));
        double names = 26 + (Letter * report.Series.Max(series => Math.Min(series.Length, 20)));
        double leastX = points.Min(point => point.X.Low), mostX = Math.Max(1, points.Max(point => point.X.High));
        double leastY = Math.Min(dense, points.Min(point => point.Y.Low)), mostY = Math.Max(dense, points.Max(point => point.Y.High)), pad = Math.Max(0.004, (mostY - leastY) * 0.05);
        var x = new Axis(leastX, mostX == leastX ? leastX + 0.01 : mostX, Left + names, width - Right);
        PartAxis y = stretched
            ? PartAxis.Stretched(leastY, mostY, report.Dense.Accuracy.Images, height - Bottom, top)
            : PartAxis.Even(Math.Max(0, leastY - pad), mostY + pad, height - Bottom, top);
        Frame(svg, x, y, width, height, stretched ? $"{what}, stretched towards 100%" : what, against, dense);
        Front(svg, points, x, y, dense);
        foreach (IGrouping<string, Point> series in points.GroupBy(point => point.Row.Series))
            svg.Element("polyline", ("points", string.Join(' ', series.OrderBy(point => point.X.Value).Select(point => $"{SvgWriter.N(x[point.X.Value])},{SvgWriter.N(y[point.Y.Value])}"))), ("class", $"series {series.First().Mark.Colour}"));
        foreach (Point point in points)
        {
            svg.Line(x[point.X.Value], y[point.Y.Low], x[point.X.Value], y[point.Y.High], $"whisker {point.Mark.Colour}");
            if (cost == ParetoCost.Time)
                svg.Line(x[point.X.Low], y[point.Y.Value], x[point.X.High], y[point.Y.Value], $"whisker {point.Mark.Colour}");
        }

        foreach (Point point in points)
            point.Mark.Draw(svg, x[point.X.Value], y[point.Y.Value], width < 400 ? 4 : 4.6);
        Names(svg, points, x, y);
        foreach (Point point in points)
            Target(svg, point, x[point.X.Value], y[point.Y.Value], width);
        return svg.End();
    }

    ImmutableArray<Point> Points() =>
        [.. report.Plans.Select(row => (Row: row, X: X(row), Y: Y(row))).Where(point => point is { X: not null, Y: not null })
            .Select(point => new Point(point.Row, Mark.Of(report, point.Row.Series), point.X!.Value, point.Y!.Value))];

    Estimate? X(ReportRow row) => cost == ParetoCost.Time ? row.RelativeTime : new Estimate(row.Accuracy.MacRatio, row.Accuracy.MacRatio, row.Accuracy.MacRatio);

    Estimate? Y(ReportRow row) => (quality == ParetoQuality.Top1 ? row.Accuracy.Top1 : row.Accuracy.Agreement) is { } part ? new(part.Part, part.Interval.Low, part.Interval.High) : null;

    static void Frame(SvgWriter svg, Axis x, PartAxis y, double width, double height, string what, string against, double dense)
    {
        foreach (double tick in y.Ticks)
        {
            svg.Line(Left, y[tick], x.End, y[tick], "grid");
            svg.Text(Left - 7, y[tick] + 4, "tick", FormattableString.Invariant($"{tick * 100:0.##}%"), ("text-anchor", "end"));
        }

        foreach (double tick in x.Ticks(width < 400 ? 4 : 6))
        {
            svg.Line(x[tick], y.Start, x[tick], y.Start + 4, "axis");
            svg.Text(x[tick], y.Start + 18, "tick", FormattableString.Invariant($"{tick * 100:0.##}%"), ("text-anchor", "middle"));
        }

        svg.Line(Left, y.Start, x.End, y.Start, "axis");
        svg.Text(4, 14, "title", what);
        svg.Text(x.End, height - 8, "title", $"{against}, of dense", ("text-anchor", "end"));
        svg.Line(Left, y[dense], x.End, y[dense], "dense");
        if (width < 400)
            svg.Text(4, 31, "dense-name", $"dotted: dense, {Percent(dense)}");
        else
            svg.Text(x.End, 14, "dense-name", $"dotted: dense, {Percent(dense)}", ("text-anchor", "end"));
    }

    static void Front(SvgWriter svg, ImmutableArray<Point> points, Axis x, PartAxis y, double dense)
    {
        (double X, double Y)[] all = [.. points.Select(point => (point.X.Value, point.Y.Value)), (1, dense)];
        bool[] on = ParetoFront.Of(all, point => [point.X, -point.Y]);
        (double X, double Y)[] front = [.. all.Where((_, i) => on[i]).Distinct().OrderBy(point => point.X)];
        var path = new System.Text.StringBuilder();
        for (int i = 0; i < front.Length; i++)
            path.Append(i == 0 ? $"M{SvgWriter.N(x[front[i].X])} {SvgWriter.N(y[front[i].Y])}" : $"H{SvgWriter.N(x[front[i].X])}V{SvgWriter.N(y[front[i].Y])}");
        svg.Element("path", ("d", $"{path}H{SvgWriter.N(x.End)}"), ("class", "front"));
    }

    /// <summary>Every series is named beside its cheapest point; names that would overlap move apart.</summary>
    static void Names(SvgWriter svg, ImmutableArray<Point> points, Axis x, PartAxis y)
    {
        Point[] ends = [.. points.GroupBy(point => point.Row.Series).Select(series => series.MinBy(point => (point.X.Value, -point.Y.Value))).OrderBy(point => y[point.Y.Value])];
        var places = new double[ends.Length];
        for (int i = 0; i < ends.Length; i++)
            places[i] = Math.Max(y[ends[i].Y.Value], i == 0 ? y.End + 8 : places[i - 1] + LabelGap);
        for (int i = ends.Length - 1, last = 1; i >= 0; i--, last = 0)
            places[i] = Math.Min(places[i], last == 1 ? y.Start - 4 : places[i + 1] - LabelGap);
        for (int i = 0; i < ends.Length; i++)
        {
            string name = ends[i].Row.Series;
            name = name.Length <= 20 ? name : name[..19] + "…";
            double edge = x.Start - 12, at = x[ends[i].X.Value];
            if (Math.Abs(places[i] - y[ends[i].Y.Value]) > 3 || at - edge > 16)
                svg.Line(edge + 2, places[i], at - 6, y[ends[i].Y.Value], "leader");
            svg.Text(edge, places[i] + 4, "name", name, ("text-anchor", "end"));
        }
    }

    void Target(SvgWriter svg, Point point, double x, double y, double width)
    {
        string[] lines =
        [
            point.Row.Title,
            $"{(quality == ParetoQuality.Top1 ? "top-1" : "same answer")} {Percent(point.Y.Value)} ({Interval((point.Y.Low, point.Y.High))})",
            cost == ParetoCost.Macs
                ? $"{Giga(point.Row.Accuracy.Macs)} GMACs, {Percent(point.X.Value)} of dense"
                : $"{Times(point.Row.Timing!.Speedup.Value)} as fast ({Times(point.Row.Timing.Speedup)}){(point.Row.Timing.Differs ? "" : ": no difference")}",
        ];
        svg.Open("g", ("class", "target"), ("tabindex", "0"), ("role", "img"), ("aria-label", string.Join(", ", lines)));
        svg.Element("circle", ("cx", SvgWriter.N(x)), ("cy", SvgWriter.N(y)), ("r", "11"), ("class", "reach"));
        double wide = Math.Min(width - 8, 18 + (6.4 * lines.Max(line => line.Length))), left = Math.Clamp(x - (wide / 2), 4, width - wide - 4), top = y > 84 ? y - 76 : y + 16;
        svg.Open("g", ("class", "tip"));
        svg.Element("rect", ("x", SvgWriter.N(left)), ("y", SvgWriter.N(top)), ("width", SvgWriter.N(wide)), ("height", "60"), ("rx", "5"));
        for (int i = 0; i < lines.Length; i++)
            svg.Text(left + 9, top + 18 + (17 * i), i == 0 ? "tip-head" : "tip-line", lines[i]);
        svg.Close("g");
        svg.Close("g");
    }
}

/// <summary>What is kept.</summary>
internal enum ParetoQuality
{
    /// <summary>Right answers.</summary>
    Top1,

    /// <summary>Answers that are the dense network's.</summary>
    Agreement,
}

/// <summary>What it costs.</summary>
internal enum ParetoCost
{
    /// <summary>Multiply-adds as executed, over the dense network's.</summary>
    Macs,

    /// <summary>Time of a run, over the dense network's.</summary>
    Time,
}
