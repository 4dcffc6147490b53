using System.Collections.Immutable;
using Secateur.Evaluation.Pictures;

namespace Secateur.Evaluation.Profiling;

/// <summary>Draws a profile as SVG: latency against the number of tokens, a panel for each batch size, in light and dark.</summary>
public static class ProfilePicture
{
    const double Width = 960, Left = 76, Right = 28, Top = 108, Bottom = 84, Between = 46;
    const int LabelledSteps = 6;
    const double LabelLength = 140;

    /// <summary>Colours are written out for light and dark, since not every viewer knows CSS variables.</summary>
    const string Style = """
        text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; font-size: 13px; fill: #1f2430 }
        .paper { fill: #ffffff } .head { font-size: 19px; font-weight: 600 } .panel { font-weight: 600 } .dim { fill: #5d6778; font-size: 12.5px }
        .grid { stroke: #e4e7ec } .axis { stroke: #98a2b3 }
        .band { fill: #2457c5; opacity: .2 } .line { fill: none; stroke: #2457c5; stroke-width: 1.6; stroke-linejoin: round } .dot { fill: #2457c5 }
        .step { stroke: #c2410c; stroke-width: 1.2; stroke-dasharray: 4 3 } .label { fill: #b23a0a; font-size: 12px } .dear { fill: #f59e0b; opacity: .14 }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6e9f0 } .paper { fill: #14171f } .dim { fill: #9aa4b6 } .grid { stroke: #2a3040 } .axis { stroke: #667085 }
          .band { fill: #7aa2ff; opacity: .25 } .line { stroke: #7aa2ff } .dot { fill: #7aa2ff }
          .step { stroke: #ff9d66 } .label { fill: #ffb085 } .dear { fill: #fbbf24; opacity: .16 }
        }
        """;

    /// <summary>Draws it.</summary>
    /// <param name="profile">A profile, finished or not.</param>
    /// <returns>The text of an SVG file.</returns>
    public static string Draw(LatencyProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ImmutableArray<BatchLatency> batches = [.. profile.Batches.Where(batch => !batch.Points.IsEmpty)];
        double panel = batches.Length <= 1 ? 400 : 250, height = Top + (Math.Max(1, batches.Length) * panel) + (Math.Max(0, batches.Length - 1) * Between) + Bottom;
        string title = $"{profile.Architecture}: latency against tokens";
        var svg = SvgWriter.Begin(Width, height, title, string.Join(' ', batches.Select(batch => $"Batch {batch.Batch}: {ProfileWords.Range(batch)}. {ProfileWords.Steps(batch)}")), Style);
        svg.Element("rect", ("width", "100%"), ("height", "100%"), ("class", "paper"));
        svg.Text(Left, 36, "head", title);
        svg.Text(Left, 58, "dim", $"{profile.Device.Processor}, {profile.Threads} {(profile.Threads == 1 ? "thread" : "threads")}, {profile.Device.Registers}-bit registers; {profile.Runtime} {profile.Tool}{(profile.Finished ? "" : "; not finished")}");
        double from = batches.Length == 0 ? 0 : batches.Min(batch => batch.Points[0].Tokens), to = batches.Length == 0 ? 1 : batches.Max(batch => batch.Points[^1].Tokens);
        var x = new Axis(from == to ? from - 1 : from, to, Left, Width - Right);
        double top = Top;
        foreach (BatchLatency batch in batches)
        {
            double most = batch.Points.Max(point => point.Milliseconds.Upper);
            Panel(svg, batch, x, new(0, most > 0 ? most * 1.06 : 1, top + panel, top));
            top += panel + Between;
        }

        double below = top - Between;
        foreach (double tick in x.Ticks(12))
            svg.Text(x[tick], below + 20, "dim", $"{tick:0}", ("text-anchor", "middle"));
        svg.Text((Left + Width - Right) / 2, below + 42, "", "tokens of a picture that enter the first block, prefix included", ("text-anchor", "middle"));
        svg.Text((Left + Width - Right) / 2, below + 64, "dim", Legend(batches), ("text-anchor", "middle"));
        return svg.End();
    }

    static string Legend(ImmutableArray<BatchLatency> batches) =>
        "line and dots: medians; band: the middle half of the runs"
        + (batches.Any(batch => !batch.Steps.IsEmpty) ? "; dashed: steps" : "")
        + (batches.Any(batch => batch.Dearest is not null) ? "; shaded: where one more token costs most" : "");

    static void Panel(SvgWriter svg, BatchLatency batch, Axis x, Axis y)
    {
        svg.Open("g");
        double[] ticks = y.Ticks(6);
        string format = ticks.Length < 2 || ticks[1] - ticks[0] >= 1 ? "0" : ticks[1] - ticks[0] >= 0.1 ? "0.0" : ticks[1] - ticks[0] >= 0.01 ? "0.00" : "0.####";
        foreach (double tick in ticks)
        {
            svg.Line(x.Start, y[tick], x.End, y[tick], tick == 0 ? "axis" : "grid");
            svg.Text(x.Start - 10, y[tick] + 4, "dim", tick.ToString(format), ("text-anchor", "end"));
        }

        svg.Text(x.Start, y.End - 10, "panel", $"batch {batch.Batch}, milliseconds a run");
        svg.Text(x.End, y.End - 10, "dim", ProfileWords.Steps(batch), ("text-anchor", "end"));
        if (batch.Dearest is { } dear)
        {
            double middle = (x[dear.Tokens] + x[dear.Next]) / 2, half = Math.Max(3, (x[dear.Next] - x[dear.Tokens]) / 2);
            svg.Element("rect", ("x", SvgWriter.N(middle - half)), ("y", SvgWriter.N(y.End)), ("width", SvgWriter.N(2 * half)), ("height", SvgWriter.N(y.Start - y.End)), ("class", "dear"));
        }

        IEnumerable<string> band = batch.Points.Select(point => At(point.Tokens, point.Milliseconds.Lower)).Concat(batch.Points.Reverse().Select(point => At(point.Tokens, point.Milliseconds.Upper)));
        svg.Element("polygon", ("points", string.Join(' ', band)), ("class", "band"));
        Steps(svg, batch, x, y);
        svg.Element("polyline", ("points", string.Join(' ', batch.Points.Select(point => At(point.Tokens, point.Milliseconds.Median)))), ("class", "line"));
        string radius = SvgWriter.N(Math.Clamp(200.0 / batch.Points.Length, 1.4, 3));
        foreach (LatencyPoint point in batch.Points)
        {
            svg.Open("circle", ("cx", SvgWriter.N(x[point.Tokens])), ("cy", SvgWriter.N(y[point.Milliseconds.Median])), ("r", radius), ("class", "dot"));
            svg.Words("title", $"{point.Tokens} tokens: {ProfileWords.Milliseconds(point.Milliseconds.Median)} ({ProfileWords.Milliseconds(point.Milliseconds.Lower)} to {ProfileWords.Milliseconds(point.Milliseconds.Upper)}), {point.Samples} runs");
            svg.Close("circle");
        }

        svg.Close("g");

        string At(double tokens, double milliseconds) => $"{SvgWriter.N(x[tokens])},{SvgWriter.N(y[milliseconds])}";
    }

    /// <summary>A line at every step; the largest have their sizes beside them, below the curve where there is room and above it where not.</summary>
    static void Steps(SvgWriter svg, BatchLatency batch, Axis x, Axis y)
    {
        ImmutableArray<LatencyStep> largest = [.. batch.Steps.OrderByDescending(step => Math.Abs(step.Milliseconds - step.Trend)).Take(LabelledSteps)];
        foreach (LatencyStep step in batch.Steps)
        {
            double at = (x[step.Tokens] + x[step.Next]) / 2;
            svg.Line(at, y.Start, at, y.End, "step");
            if (!largest.Contains(step))
                continue;
            bool below = y.Start - y[batch.Latency(step.Tokens)] > LabelLength;
            double foot = below ? y.Start - 8 : y.End + 4;
            svg.Text(at - 6, foot, "label", $"{step.Tokens}→{step.Next}, {ProfileWords.Signed(step.Milliseconds)}", ("text-anchor", below ? "start" : "end"), ("transform", $"rotate(-90 {SvgWriter.N(at - 6)} {SvgWriter.N(foot)})"));
        }
    }
}
