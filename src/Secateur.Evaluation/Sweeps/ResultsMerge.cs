using System.Collections.Immutable;
using Secateur.Models.Checkpoints;

namespace Secateur.Evaluation.Sweeps;

/// <summary>Puts the parts that several machines made together: what comes out is, bit for bit, what one machine would have made alone. Parts that
/// do not belong together are refused.</summary>
public static class ResultsMerge
{
    /// <summary>Merges.</summary>
    /// <param name="folders">Where the parts lie, at least one.</param>
    /// <param name="output">Where the whole goes, beside what it holds already; may be the one folder of the parts, whose parts are then removed.</param>
    /// <returns>What was merged.</returns>
    /// <exception cref="InvalidDataException">Parts are missing, overlap, or are of different things; the message says which.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static ResultsManifest Merge(ImmutableArray<ResultsFolder> folders, ResultsFolder output)
    {
        ArgumentNullException.ThrowIfNull(output);
        ResultsManifest manifest = Agree(folders);
        ResultsManifest all = ResultsStart.Joined(ResultsStart.Require(manifest, output), manifest, output);

        // 1. Everything is looked at before anything is written.
        ImmutableArray<ImmutableArray<ResultsPart>> parts = [.. manifest.Cells.Select(cell => ResultsPart.Find(cell, manifest, folders))];
        foreach (ResultsPart part in parts.SelectMany(cell => cell))
            _ = part.Load(manifest);
        foreach (ResultsPart part in parts.Where((_, i) => manifest.Cells[i].IsDense).SelectMany(cell => cell))
            part.RequireLogits(manifest.Classes);

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
                throw new InvalidDataException($"{folder.Path} does not belong to {folders[0].Path}: the plan of {differs.Name} differs ({folder.Plan(differs.Name)}). Processors of another kind may plan adaptive methods differently; let all parts use one folder, or copy plans/ to each before it starts.");
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

    static void Copy(string from, string to) => AtomicFile.Write(to, stream => stream.Write(File.ReadAllBytes(from)));

    static bool Same(ResultsFolder one, ResultsFolder other) => Path.GetFullPath(one.Path).TrimEnd('/') == Path.GetFullPath(other.Path).TrimEnd('/');
}
