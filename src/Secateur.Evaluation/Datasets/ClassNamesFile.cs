using System.Collections.Immutable;

namespace Secateur.Evaluation.Datasets;

/// <summary>Names of a network's classes: a text file, one a line, in the network's order.</summary>
public static class ClassNamesFile
{
    const int MostBytes = 1 << 24;

    /// <summary>Reads them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="classes">How many there must be.</param>
    /// <returns>A name for each class.</returns>
    /// <exception cref="InvalidDataException">There are more or fewer, or one is empty.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ImmutableArray<string> Load(string path, int classes)
    {
        if (new FileInfo(path).Length > MostBytes)
            throw new InvalidDataException($"{path} has more than {MostBytes} bytes; no list of classes has. Is it another file?");
        string[] lines = [.. File.ReadAllLines(path).Select(line => line.Trim())];
        int count = lines.Length;
        while (count > 0 && lines[count - 1].Length == 0)
            count--;
        if (count != classes)
            throw new InvalidDataException($"{path} names {count} classes, and the network has {classes}; it must have a line for each, in the network's order.");
        if (Array.IndexOf(lines, "", 0, count) is >= 0 and var empty)
            throw new InvalidDataException($"{path}, line {empty + 1} is empty; it must name class {empty}.");
        return [.. lines.AsSpan(0, count)];
    }
}
