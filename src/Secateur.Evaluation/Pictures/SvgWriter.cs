using System.Globalization;
using System.Security;
using System.Text;

namespace Secateur.Evaluation.Pictures;

/// <summary>Writes SVG: elements, attributes, numbers with two decimals, text that cannot break out.</summary>
internal sealed class SvgWriter
{
    readonly StringBuilder text = new();
    int depth;

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

    /// <summary>A number as it stands in an attribute.</summary>
    public static string N(double number) => Math.Round(number, 2).ToString(CultureInfo.InvariantCulture);

    /// <summary>An element that others stand in, until <see cref="Close"/>.</summary>
    public void Open(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(name, attributes);
        text.Append(">\n");
        depth++;
    }

    /// <summary>Ends the element that was opened last.</summary>
    public void Close(string name)
    {
        depth--;
        Indent();
        text.Append("</").Append(name).Append(">\n");
    }

    /// <summary>An element with nothing in it.</summary>
    public void Element(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(name, attributes);
        text.Append("/>\n");
    }

    /// <summary>An element with words in it.</summary>
    public void Words(string name, string words, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(name, attributes);
        text.Append('>').Append(SecurityElement.Escape(Printable(words))).Append("</").Append(name).Append(">\n");
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
        return text.ToString();
    }

    void Start(string name, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Indent();
        text.Append('<').Append(name);
        foreach ((string key, string value) in attributes)
            text.Append(' ').Append(key).Append("=\"").Append(SecurityElement.Escape(Printable(value))).Append('"');
    }

    /// <summary>XML has no way to write control characters.</summary>
    static string Printable(string words) => string.Concat(words.Where(c => !char.IsControl(c) && !char.IsSurrogate(c) && c < '\ufffe'));

    void Indent() => text.Append(' ', 2 * depth);
}
