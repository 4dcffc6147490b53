namespace Secateur.Tests.Sweeps;

/// <summary>As much of YAML as a job file needs: maps and lists by indentation by two, values of one line, comments.</summary>
internal static class SmallYaml
{
    /// <summary>Every value by its path: "spec.containers[0].image".</summary>
    public static Dictionary<string, string> Parse(string text)
    {
        var values = new Dictionary<string, string>();
        var open = new SortedDictionary<int, string>();
        var items = new Dictionary<string, int>();
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Split(" #")[0].TrimEnd();
            if (line.Length == 0 || line.StartsWith('#'))
                continue;
            int indent = line.Length - line.TrimStart().Length;
            Assert.True(indent % 2 == 0 && !line.Contains('\t'), $"indented by {indent}: {line}");
            bool isItem = line[indent..].StartsWith("- ", StringComparison.Ordinal);
            if (isItem)
            {
                string list = Above(open, indent);
                items[list] = items.TryGetValue(list, out int last) ? last + 1 : 0;
                Set(open, indent, $"{list}[{items[list]}]");
                indent += 2;
            }

            string[] pair = line[indent..].Split(':', 2);
            Assert.Equal(2, pair.Length);
            string above = Above(open, indent), path = above.Length > 0 ? $"{above}.{pair[0]}" : pair[0];
            Set(open, indent, path);
            if (pair[1].Length > 0)
                values.Add(path, pair[1].Trim());
        }

        return values;
    }

    static string Above(SortedDictionary<int, string> open, int indent) => open.LastOrDefault(one => one.Key < indent).Value ?? "";

    static void Set(SortedDictionary<int, string> open, int indent, string path)
    {
        foreach (int deeper in open.Keys.Where(key => key >= indent).ToArray())
            open.Remove(deeper);
        open[indent] = path;
    }
}
