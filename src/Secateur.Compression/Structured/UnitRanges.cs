using System.Collections.Immutable;
using System.Globalization;

namespace Secateur.Compression.Structured;

/// <summary>Ascending indices of units as text: "0-2, 5" for 0, 1, 2 and 5; nothing for none.</summary>
internal static class UnitRanges
{
    public static string Print(ImmutableArray<int> units)
    {
        var runs = new List<string>();
        for (int i = 0, end; i < units.Length; i = end)
        {
            for (end = i + 1; end < units.Length && units[end] == units[end - 1] + 1; end++)
            {
            }

            runs.Add(end == i + 1 ? $"{units[i]}" : $"{units[i]}-{units[end - 1]}");
        }

        return string.Join(", ", runs);
    }

    /// <summary>Reads them; null where the text is something else, an index is <paramref name="below"/> or more, or they do not ascend.</summary>
    public static ImmutableArray<int>? Parse(string text, int below)
    {
        var units = ImmutableArray.CreateBuilder<int>();
        if (string.IsNullOrWhiteSpace(text))
            return [];
        foreach (string run in text.Split(','))
        {
            string[] ends = run.Split('-');
            if (ends.Length > 2 || !Index(ends[0], out int first) || !Index(ends[^1], out int last) || last < first || last >= below || (units.Count > 0 && first <= units[^1]))
                return null;
            for (int unit = first; unit <= last; unit++)
                units.Add(unit);
        }

        return units.ToImmutable();
    }

    static bool Index(string text, out int index) => int.TryParse(text.Trim(' '), NumberStyles.None, CultureInfo.InvariantCulture, out index);
}
