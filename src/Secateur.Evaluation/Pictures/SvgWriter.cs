namespace Secateur.Evaluation.Pictures;

/// <summary>Writes SVG: a file of its own, or a drawing inside a page.</summary>
internal sealed class SvgWriter : MarkupWriter
{
    /// <summary>A picture of this size in pixels, with the words that stand for it where it cannot be seen.</summary>
    public static SvgWriter Begin(double width, double height, string title, string description, string style)
    {
        var svg = new SvgWriter();
        svg.Open("svg", ("xmlns", "http://www.w3.org/2000/svg"), ("viewBox", $"0 0 {N(width)} {N(height)}"), ("width", N(width)), ("height", N(height)), ("role", "img"), ("aria-labelledby", "title description"));
        svg.Words("title", title, ("id", "title"));
        svg.Words("desc", description, ("id", "description"));
        svg.Words("style", style);
        return svg;
    }

    /// <summary>A drawing inside a page, whose style and words stand in the page.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="kind">Its class.</param>
    /// <param name="role">"img" for one that is looked at as a whole, "group" for one whose parts can be focused.</param>
    /// <param name="label">The words that stand for it where it cannot be seen.</param>
    public static SvgWriter Inside(double width, double height, string kind, string role, string label)
    {
        var svg = new SvgWriter();
        svg.Open("svg", ("viewBox", $"0 0 {N(width)} {N(height)}"), ("class", kind), ("role", role), ("aria-label", label));
        return svg;
    }

    /// <summary>Words at a place.</summary>
    public void Text(double x, double y, string kind, string words, params ReadOnlySpan<(string Name, string Value)> more) =>
        Words("text", words, [("x", N(x)), ("y", N(y)), ("class", kind), .. more]);

    /// <summary>A straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, string kind) =>
        Element("line", ("x1", N(x1)), ("y1", N(y1)), ("x2", N(x2)), ("y2", N(y2)), ("class", kind));

    /// <summary>The whole picture.</summary>
    public string End()
    {
        Close("svg");
        return ToString();
    }
}
