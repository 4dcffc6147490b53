using System.Globalization;

namespace Secateur.Evaluation.Datasets;

/// <summary>The classes of picture files: a file labels.csv with a header, then a line "file,class index" each, files relative to its folder.</summary>
internal static class PictureLabels
{
    internal const string FileName = "labels.csv";
    const long MostBytes = 1 << 28;

    /// <summary>Reads such a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="files">Full paths of the pictures that are asked for; what it says of others is not kept.</param>
    /// <returns>Class indices by full path.</returns>
    /// <exception cref="InvalidDataException">A line says something else, or another class than an earlier one.</exception>
    internal static Dictionary<string, int> Read(string path, IReadOnlySet<string> files)
    {
        if (new FileInfo(path).Length > MostBytes)
            throw new InvalidDataException($"{path} has more than {MostBytes} bytes; no list of labels has. Is it another file?");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var labels = new Dictionary<string, int>(StringComparer.Ordinal);
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (number == 1 || string.IsNullOrWhiteSpace(line))
                continue;
            int comma = line.LastIndexOf(',');
            if (comma <= 0 || !int.TryParse(line.AsSpan(comma + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int label) || line.Contains('\0'))
                throw new InvalidDataException($"{path}, line {number} is '{(line.Length <= 60 ? line : line[..60] + "...")}'; expected a file, a comma and the index of its class, from 0.");

            // Names are compared with those of files that are there, and never opened: they may say anything.
            string file = Path.GetFullPath(Path.Combine(folder, line[..comma].Trim('"')));
            if (files.Contains(file) && !labels.TryAdd(file, label) && labels[file] != label)
                throw new InvalidDataException($"{path}, line {number} gives {line[..comma]} the class {label}, and an earlier line {labels[file]}; keep the one that is right.");
        }

        return labels;
    }
}
