using System.Text;
using Secateur.Evaluation.Pictures;
using Secateur.Models.Tokens;

namespace Secateur.Evaluation.Reports.Html;

/// <summary>Draws over a picture which patches are left: those that were dropped fade into the page, those that were merged share an outline.
/// The picture itself stands in the page once, however often it is drawn over.</summary>
internal static class SurvivorDrawing
{
    /// <summary>A picture under its name, for <see cref="Panel"/>.</summary>
    public static string Symbol(int index) => $"picture-{index}";

    /// <summary>Draws one panel.</summary>
    /// <param name="index">The picture's.</param>
    /// <param name="grid">Rows and columns of patches.</param>
    /// <param name="prefix">Tokens before the patches.</param>
    /// <param name="map">From the tokens of the network's input to those that are left; null for all.</param>
    /// <param name="label">The words that stand for it where it cannot be seen.</param>
    public static string Panel(int index, (int Rows, int Columns) grid, int prefix, TokenMap? map, string label)
    {
        var svg = SvgWriter.Inside(grid.Columns, grid.Rows, "panel", "img", label);
        svg.Element("use", ("href", $"#{Symbol(index)}"), ("width", $"{grid.Columns}"), ("height", $"{grid.Rows}"));
        if (map is not null)
            Over(svg, grid, map.Group[prefix..], map.Count);
        return svg.End();
    }

    static void Over(SvgWriter svg, (int Rows, int Columns) grid, ReadOnlySpan<int> group, int groups)
    {
        var members = new int[groups];
        foreach (int g in group)
            if (g != TokenMap.Dropped)
                members[g]++;
        if (Cells(grid, group, TokenMap.Dropped) is { Length: > 0 } gone)
            svg.Element("path", ("d", gone), ("class", "gone"));
        for (int g = 0; g < groups; g++)
        {
            if (members[g] < 2)
                continue;
            Colour colour = Colour.OfGroup(g);
            string paint = $"#{colour.Red:x2}{colour.Green:x2}{colour.Blue:x2}";
            svg.Element("path", ("d", Cells(grid, group, g)), ("class", "tint"), ("fill", paint));
            svg.Element("path", ("d", Outline(grid, group, g)), ("class", "outline"), ("stroke", paint));
        }
    }

    /// <summary>The patches of a group, as long as they follow one another in a row.</summary>
    static string Cells((int Rows, int Columns) grid, ReadOnlySpan<int> group, int wanted)
    {
        var path = new StringBuilder();
        for (int row = 0; row < grid.Rows; row++)
            for (int column = 0; column < grid.Columns; column++)
            {
                int from = column;
                while (column < grid.Columns && group[(row * grid.Columns) + column] == wanted)
                    column++;
                if (column > from)
                    path.Append($"M{from} {row}h{column - from}v1h-{column - from}z");
            }

        return path.ToString();
    }

    /// <summary>The sides of patches at which a group ends.</summary>
    static string Outline((int Rows, int Columns) grid, ReadOnlySpan<int> group, int wanted)
    {
        var path = new StringBuilder();
        for (int row = 0; row < grid.Rows; row++)
            for (int column = 0; column < grid.Columns; column++)
            {
                int at = (row * grid.Columns) + column;
                if (group[at] != wanted)
                    continue;
                if (column == 0 || group[at - 1] != wanted)
                    path.Append($"M{column} {row}v1");
                if (column == grid.Columns - 1 || group[at + 1] != wanted)
                    path.Append($"M{column + 1} {row}v1");
                if (row == 0 || group[at - grid.Columns] != wanted)
                    path.Append($"M{column} {row}h1");
                if (row == grid.Rows - 1 || group[at + grid.Columns] != wanted)
                    path.Append($"M{column} {row + 1}h1");
            }

        return path.ToString();
    }
}
