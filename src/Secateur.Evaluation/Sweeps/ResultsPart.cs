using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Secateur.Evaluation.Sweeps;

/// <summary>A file with a part of a cell's answers.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Cell">The cell.</param>
/// <param name="Shard">Which part.</param>
/// <param name="Range">Its pictures, as this part of a set has them.</param>
internal sealed partial record ResultsPart(ResultsFolder Folder, SweepCell Cell, Shard Shard, PictureRange Range)
{
    /// <summary>Missing parts that an error names, at most.</summary>
    const int Named = 20;

    string FileName => Folder.Cell(Cell.Name, Shard);

    /// <summary>Finds the parts of a cell.</summary>
    /// <returns>In order; every picture is in one of them, and in one only.</returns>
    /// <exception cref="InvalidDataException">There are gaps or overlaps; the message names them.</exception>
    internal static ImmutableArray<ResultsPart> Find(SweepCell cell, ResultsManifest manifest, ImmutableArray<ResultsFolder> folders)
    {
        ResultsPart[] found = [.. folders.SelectMany(folder => In(folder, cell, manifest)).OrderBy(part => part.Range.From).ThenBy(part => part.Range.To)];

        // A merge in place that was stopped while it took parts away has the whole already.
        if (folders.Length == 1 && found.FirstOrDefault(part => part.Shard.IsWhole) is { } whole)
            return [whole];
        int next = 0;
        ResultsPart? before = null;
        foreach (ResultsPart part in found)
        {
            if (part.Range.From > next)
                throw Missing(cell, found, next, part.Range.From, manifest.Count);
            if ((part.Range.Count > 0 && part.Range.From < next) || (part.Range.Count == 0 && found.Any(other => other != part && other.Shard == part.Shard)))
                throw new InvalidDataException($"{part.FileName} overlaps {(before is null ? "another part" : before.FileName)}: both have pictures of {cell.Name} that may be there once. Leave one of them out.");
            (next, before) = (Math.Max(next, part.Range.To), part);
        }

        return next == manifest.Count ? [.. found] : throw Missing(cell, found, next, manifest.Count, manifest.Count);
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">It is not what its name says, or of something else.</exception>
    internal CellResult Load(ResultsManifest manifest)
    {
        CellResult result = CellFile.Load(FileName, manifest.Classes);
        if (result.Cell != Cell.Name || result.Range != Range)
            throw new InvalidDataException($"{FileName} has pictures {result.Range.From} to {result.Range.To - 1} of {result.Range.Of} for {result.Cell}, and its name says {Range.From} to {Range.To - 1} of {Range.Of} for {Cell.Name}; it was renamed or is of another sweep.");
        if (result.Identity != manifest.IdentityOf(Cell))
            throw new InvalidDataException($"{FileName} was made with another version, other weights, pictures or another plan than results.json says. Remove it, and run that part again.");
        return result;
    }

    /// <summary>Requires the dense network's raw answers beside it.</summary>
    /// <exception cref="InvalidDataException">They are missing, or of another shape.</exception>
    internal void RequireLogits(int classes)
    {
        if (!File.Exists(Folder.DenseLogits(Shard)))
            throw new InvalidDataException($"{Folder.DenseLogits(Shard)} is missing; it belongs to {FileName}. Remove that file, and run this part again.");
        LogitsFile.Open(Folder.DenseLogits(Shard), Range.Count, classes).Dispose();
    }

    /// <summary>Appends the dense network's raw answers.</summary>
    /// <param name="row">[classes]; overwritten.</param>
    /// <param name="stream">Receives them.</param>
    internal void CopyLogits(float[] row, Stream stream)
    {
        using LogitsFile file = LogitsFile.Open(Folder.DenseLogits(Shard), Range.Count, row.Length);
        for (int i = 0; i < Range.Count; i++)
        {
            file.Read(i, row);
            stream.Write(MemoryMarshal.AsBytes(row.AsSpan()));
        }
    }

    /// <summary>Removes its files, unless it is the whole.</summary>
    internal void Remove()
    {
        // What finds a part is its answers, so that they go last: stopped between the two, the next merge finds it again.
        foreach (string file in Shard.IsWhole ? [] : (string[])[.. Cell.IsDense ? [Folder.DenseLogits(Shard)] : Array.Empty<string>(), FileName])
            File.Delete(file);
    }

    /// <summary>All parts of a cell that lie in a folder, the whole among them.</summary>
    internal static IEnumerable<ResultsPart> In(ResultsFolder folder, SweepCell cell, ResultsManifest manifest)
    {
        string whole = folder.Cell(cell.Name, Shard.Whole), files = Path.GetDirectoryName(whole)!;
        if (!Directory.Exists(files))
            yield break;
        if (File.Exists(whole))
            yield return new(folder, cell, Shard.Whole, new(0, manifest.Count, manifest.Count));
        foreach (string file in Directory.EnumerateFiles(files, $"{cell.Name}.*-of-*.json").Order(StringComparer.Ordinal))
            if (Suffix().Match(Path.GetFileName(file)[cell.Name.Length..]) is { Success: true } match
                && int.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                && int.TryParse(match.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int of) && index >= 1 && index <= of)
                yield return new(folder, cell, new(index, of), new Shard(index, of).Pictures(manifest.Count, manifest.Batch));
    }

    static InvalidDataException Missing(SweepCell cell, ResultsPart[] found, int from, int to, int of)
    {
        int[] sizes = [.. found.Select(part => part.Shard.Of).Distinct()];
        string which = sizes is [var parts]
            ? $"part {string.Join(", ", Enumerable.Range(1, parts).Except(found.Select(part => part.Shard.Index)).Take(Named).Select(i => $"{i}/{parts}"))} is missing or not finished"
            : found.Length == 0 ? "there is no finished part of it" : "the parts are of different numbers of parts";
        return new($"pictures {from} to {to - 1} of {of} were not measured for {cell.Name}: {which}. Run what is missing (secateur sweep ... --shard), then merge again.");
    }

    [GeneratedRegex(@"^\.([0-9]{1,9})-of-([0-9]{1,9})\.json\z")]
    private static partial Regex Suffix();
}
