using Secateur.Evaluation.Pictures;

namespace Secateur.Evaluation.Reports.Charts;

/// <summary>How a series looks: a colour and a shape, so that either alone tells it apart, on a screen, in print, and for eyes that see few colours.</summary>
/// <param name="Colour">Class of its colour: "c0".</param>
/// <param name="Shape">Which shape.</param>
internal readonly record struct Mark(string Colour, int Shape)
{
    const int Colours = 7, Shapes = 8;
    const string Baseline = "random-drop";

    /// <summary>The mark of a series. What everything must beat is grey.</summary>
    /// <param name="report">The results.</param>
    /// <param name="series">One of its series.</param>
    public static Mark Of(Report report, string series)
    {
        if (series == Baseline)
            return new("cx", Shapes - 1);
        int index = report.Series.Where(one => one != Baseline).TakeWhile(one => one != series).Count();
        return new($"c{index % Colours}", index % (Shapes - 1));
    }

    /// <summary>Draws it.</summary>
    /// <param name="svg">Where.</param>
    /// <param name="x">Its middle.</param>
    /// <param name="y">Its middle.</param>
    /// <param name="size">About half its width.</param>
    public void Draw(SvgWriter svg, double x, double y, double size = 5)
    {
        string kind = $"mark {Colour}";
        if (Shape == 0)
            svg.Element("circle", ("cx", SvgWriter.N(x)), ("cy", SvgWriter.N(y)), ("r", SvgWriter.N(size)), ("class", kind));
        else
            svg.Element("path", ("d", Path(x, y, size)), ("class", Shape is 5 or 7 ? $"{kind} open" : kind));
    }

    string Path(double x, double y, double r)
    {
        (double, double)[] corners = Shape switch
        {
            1 => [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            2 => [(0, -1.15), (1.1, 0.8), (-1.1, 0.8)],
            3 => [(0, -1.3), (1.1, 0), (0, 1.3), (-1.1, 0)],
            4 => [(0, 1.15), (1.1, -0.8), (-1.1, -0.8)],
            6 => [(-1.2, 0), (-0.6, -1), (0.6, -1), (1.2, 0), (0.6, 1), (-0.6, 1)],
            _ => [],
        };
        return corners.Length > 0
            ? $"M{string.Join('L', corners.Select(corner => At(corner.Item1, corner.Item2)))}Z"
            : Shape == 5 ? $"M{At(-1.1, 0)}L{At(1.1, 0)}M{At(0, -1.1)}L{At(0, 1.1)}" : $"M{At(-0.85, -0.85)}L{At(0.85, 0.85)}M{At(-0.85, 0.85)}L{At(0.85, -0.85)}";

        string At(double dx, double dy) => $"{SvgWriter.N(x + (dx * r))} {SvgWriter.N(y + (dy * r))}";
    }
}
