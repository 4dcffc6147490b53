using System.Collections.Immutable;
using System.Security.Cryptography;
using Secateur.Models.Checkpoints;

namespace Secateur.Evaluation.Sweeps;

/// <summary>Puts the parts that several machines made together: what comes out is, bit for bit, what one machine would have made alone. Parts that
/// do not belong together are refused.</summary>
public static class ResultsMerge
{
    /// <summary>Merges.</summary>
    /// <param name="folders">Where the parts lie, at least one.</param>
    /// <param name="output">Where the whole goes, beside what it holds already; may be the one folder of the parts, whose parts are then removed.</param>
    /// <param name="say">Told if another process is waited for, and if the parts have profiles of which none can be taken.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>What was merged.</returns>
    /// <exception cref="InvalidDataException">Parts are missing, overlap, or are of different things; the message says which.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ResultsManifest Merge(ImmutableArray<ResultsFolder> folders, ResultsFolder output, Action<string>? say = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(output);

        // A folder that is not there yet is not made for parts that are refused.
        using FolderLock? before = Directory.Exists(output.Path) ? FolderLock.Take(output, say, cancellation) : null;
        ResultsManifest manifest = Agree(folders);

        // 1. Everything is looked at before anything is written.
        ImmutableArray<ImmutableArray<ResultsPart>> parts = [.. manifest.Cells.Select(cell => ResultsPart.Find(cell, manifest, folders))];
        foreach (ResultsPart part in parts.SelectMany(cell => cell))
            _ = part.Load(manifest);
        foreach (ResultsPart part in parts.Where((_, i) => manifest.Cells[i].IsDense).SelectMany(cell => cell))
            part.RequireLogits(manifest.Classes);

        using FolderLock? alone = before is null ? FolderLock.Take(output, say, cancellation) : null;
        ResultsManifest all = ResultsStart.Joined(ResultsStart.Require(manifest, output), manifest, output);

        // 2. The whole is written, the manifest last.
        for (int i = 0; i < parts.Length; i++)
        {
            CellResult[] loaded = [.. parts[i].Select(part => part.Load(manifest))];
            CellFile.Save(
                new(manifest.Cells[i].Name, loaded[0].Identity, new(0, manifest.Count, manifest.Count), [.. loaded.SelectMany(part => part.Answers)], [.. loaded.SelectMany(part => part.Bad)]),
                output.Cell(manifest.Cells[i].Name, Shard.Whole));
            if (manifest.Cells[i].IsDense)
                Logits(parts[i], manifest, output.DenseLogits(Shard.Whole));
        }

        bool inPlace = folders.Any(folder => Same(folder, output));
        if (!inPlace)
        {
            Copy(folders[0].Pictures, output.Pictures);
            CopyProfile(folders, output, say);
            ResultsManifestFile.Save(all, output);
            foreach (SweepCell cell in manifest.Cells)
                if (folders.Select(folder => folder.Latency(cell.Name)).FirstOrDefault(File.Exists) is { } timing)
                    Copy(timing, output.Latency(cell.Name));
        }

        // 3. In place, what was put together goes.
        if (inPlace)
            foreach (ResultsPart part in manifest.Cells.SelectMany(cell => ResultsPart.In(output, cell, manifest).ToArray()))
                part.Remove();
        return manifest;
    }

    static ResultsManifest Agree(ImmutableArray<ResultsFolder> folders)
    {
        ResultsManifest first = ResultsManifestFile.Load(folders[0]);
        byte[] pictures = File.ReadAllBytes(folders[0].Pictures);
        foreach (ResultsFolder folder in folders.Skip(1))
        {
            ResultsManifest other = ResultsManifestFile.Load(folder);
            if (first.Differences(other) is { IsEmpty: false } differences)
                throw new InvalidDataException($"{folder.Path} does not belong to {folders[0].Path}: {string.Join("; ", differences)}.");
            if (!File.ReadAllBytes(folder.Pictures).AsSpan().SequenceEqual(pictures))
                throw new InvalidDataException($"{folder.Path} does not belong to {folders[0].Path}: pictures.json differs.");
            string[] mine = [.. first.Cells.Select(cell => cell.Name)], others = [.. other.Cells.Select(cell => cell.Name)];
            if (!mine.SequenceEqual(others))
                throw new InvalidDataException($"{folder.Path} does not belong to {folders[0].Path}: it was asked for other cells ({string.Join(", ", mine.Except(others).Concat(others.Except(mine)).DefaultIfEmpty("the same in another order"))}). Give all parts the same command.");
            if (first.Cells.Zip(other.Cells).FirstOrDefault(pair => first.IdentityOf(pair.First) != first.IdentityOf(pair.Second)).First is { } differs)
                throw new InvalidDataException($"{folder.Path} does not belong to {folders[0].Path}: the plan of {differs.Name} differs ({folder.Plan(differs.Name)}). Processors of another kind may plan adaptive methods differently; let all parts use one folder, or copy results.json, pictures.json and plans/ to each before it starts.");
        }

        return first;
    }

    static void Logits(ImmutableArray<ResultsPart> parts, ResultsManifest manifest, string path)
    {
        if (parts is [{ Shard.IsWhole: true } whole] && Path.GetFullPath(whole.Folder.DenseLogits(Shard.Whole)) == Path.GetFullPath(path))
            return;
        AtomicFile.Write(path, stream =>
        {
            stream.Write(LogitsFile.Header(manifest.Count, manifest.Classes));
            var row = new float[manifest.Classes];
            foreach (ResultsPart part in parts)
                part.CopyLogits(row, stream);
        });
    }

    // One device's; what the output has already stays.
    static void CopyProfile(ImmutableArray<ResultsFolder> folders, ResultsFolder output, Action<string>? say)
    {
        string[] profiles = [.. folders.Append(output).Select(folder => folder.Profile).Where(File.Exists).DistinctBy(file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))))];
        if (profiles.Length > 1)
            say?.Invoke($"profiles differ ({string.Join(", ", profiles)}), and none was copied; put the one of the device that counts at {output.Profile}");
        else if (profiles.Length == 1 && !File.Exists(output.Profile))
            Copy(profiles[0], output.Profile);
    }

    static void Copy(string from, string to) => AtomicFile.Write(to, stream => stream.Write(File.ReadAllBytes(from)));

    static bool Same(ResultsFolder one, ResultsFolder other) => Path.GetFullPath(one.Path).TrimEnd('/') == Path.GetFullPath(other.Path).TrimEnd('/');
}
