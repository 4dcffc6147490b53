using System.Globalization;
using System.Security;
using System.Text;

namespace Secateur.Evaluation.Pictures;

/// <summary>Writes SVG and HTML that is XML too: elements, attributes, numbers with two decimals, text that cannot break out.</summary>
internal class MarkupWriter
{
    readonly StringBuilder text = new();
    int depth;

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
        text.Append('>').Append(Escaped(words)).Append("</").Append(name).Append(">\n");
    }

    /// <summary>An element with a sentence in it, whose names in backticks are set as code.</summary>
    public void Prose(string name, string sentence, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(name, attributes);
        text.Append('>');
        string[] parts = sentence.Split('`');
        for (int i = 0; i < parts.Length; i++)
            text.Append(i % 2 == 0 ? Escaped(parts[i]) : $"<code>{Escaped(parts[i])}</code>");
        text.Append("</").Append(name).Append(">\n");
    }

    /// <summary>What is markup already, or a style or a script of our own.</summary>
    public void Raw(string markup) => text.Append(markup);

    /// <summary>All that was written.</summary>
    public override string ToString() => text.ToString();

    void Start(string name, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Indent();
        text.Append('<').Append(name);
        foreach ((string key, string value) in attributes)
            text.Append(' ').Append(key).Append("=\"").Append(Escaped(value)).Append('"');
    }

    /// <summary>XML has no way to write control characters; those that turn the direction of what follows would let a name rewrite its neighbours.</summary>
    static string Escaped(string words) =>
        SecurityElement.Escape(string.Concat(words.Where(c => !char.IsControl(c) && !char.IsSurrogate(c) && c is < '\u202a' or > '\u202e' and < '\u2066' or > '\u2069' and < '\ufffe')));

    void Indent() => text.Append(' ', 2 * depth);
}
