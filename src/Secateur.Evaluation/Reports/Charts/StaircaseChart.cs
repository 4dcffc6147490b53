using Secateur.Evaluation.Pictures;
using Secateur.Evaluation.Profiling;
using static Secateur.Evaluation.Reports.ReportWords;

namespace Secateur.Evaluation.Reports.Charts;

/// <summary>Draws the device's latency against the number of tokens, with its steps.</summary>
internal static class StaircaseChart
{
    const double Left = 46, Right = 18, Top = 26, Bottom = 46;

    /// <summary>Draws one batch size.</summary>
    /// <param name="batch">What was measured; at least one point.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="kind">Class of the drawing.</param>
    public static string Draw(BatchLatency batch, double width, double height, string kind)
    {
        double from = batch.Points[0].Tokens, to = batch.Points[^1].Tokens, most = batch.Points.Max(point => point.Milliseconds.Upper);
        var x = new Axis(from == to ? from - 1 : from, to, Left, width - Right);
        var y = new Axis(0, most > 0 ? most * 1.05 : 1, height - Bottom, Top);
        var svg = SvgWriter.Inside(width, height, $"chart {kind}", "img", $"Batch {batch.Batch}, milliseconds of a run against tokens: {ProfileWords.Range(batch)}. {ProfileWords.Steps(batch)}");
        foreach (double tick in y.Ticks(5))
        {
            svg.Line(Left, y[tick], x.End, y[tick], tick == 0 ? "axis" : "grid");
            svg.Text(Left - 7, y[tick] + 4, "tick", FormattableString.Invariant($"{tick:0.###}"), ("text-anchor", "end"));
        }

        foreach (double tick in x.Ticks(width < 400 ? 5 : 8))
            svg.Text(x[tick], y.Start + 18, "tick", FormattableString.Invariant($"{tick:0}"), ("text-anchor", "middle"));
        svg.Text(4, 14, "title", $"batch {batch.Batch}, milliseconds of a run");
        svg.Text(x.End, height - 8, "title", "tokens that enter the first block", ("text-anchor", "end"));
        foreach (LatencyStep step in batch.Steps)
            svg.Line((x[step.Tokens] + x[step.Next]) / 2, y.Start, (x[step.Tokens] + x[step.Next]) / 2, y.End, "step");
        svg.Element("polygon", ("points", Path(batch.Points.Select(point => ((double)point.Tokens, point.Milliseconds.Lower)).Concat(batch.Points.Reverse().Select(point => ((double)point.Tokens, point.Milliseconds.Upper))))), ("class", "band"));
        svg.Element("polyline", ("points", Path(batch.Points.Select(point => ((double)point.Tokens, point.Milliseconds.Median)))), ("class", "curve"));
        if (batch.Points.Length <= 80)
            foreach (LatencyPoint point in batch.Points)
                svg.Element("circle", ("cx", SvgWriter.N(x[point.Tokens])), ("cy", SvgWriter.N(y[point.Milliseconds.Median])), ("r", "2"), ("class", "dot"));
        return svg.End();

        string Path(IEnumerable<(double Tokens, double Milliseconds)> points) => string.Join(' ', points.Select(point => $"{SvgWriter.N(x[point.Tokens])},{SvgWriter.N(y[point.Milliseconds])}"));
    }

    /// <summary>What the curve says, in words.</summary>
    public static string Words(LatencyProfile profile, BatchLatency batch) =>
        $"{profile.Device.Processor}, {Some(profile.Threads, "thread")}, batch {batch.Batch}: {ProfileWords.Range(batch)}. {ProfileWords.Steps(batch)} {ProfileWords.Token(batch)}";
}
