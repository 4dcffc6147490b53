using Secateur.Evaluation.Datasets;

namespace Secateur.Evaluation.Sweeps;

/// <summary>Begins results in a folder, or goes on with those that are there: never with results of something else.</summary>
public static class ResultsStart
{
    /// <summary>Refuses a folder that holds results of something else.</summary>
    /// <param name="manifest">What is to be measured.</param>
    /// <param name="folder">Where.</param>
    /// <returns>What the folder holds; null where it holds no results.</returns>
    /// <exception cref="InvalidDataException">It holds other results; the message names what differs.</exception>
    public static ResultsManifest? Require(ResultsManifest manifest, ResultsFolder folder)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(folder);
        if (!File.Exists(folder.Manifest))
            return null;
        ResultsManifest there = ResultsManifestFile.Load(folder);
        return manifest.Differences(there) is { IsEmpty: false } differences
            ? throw new InvalidDataException($"{folder.Path} holds results of something else: {string.Join("; ", differences)}. Name another folder with --output, or remove that one.")
            : there;
    }

    /// <summary>Begins, or goes on. Cells that the folder has and this run does not are kept, before those that are new. Other processes that share the folder wait meanwhile.</summary>
    /// <param name="manifest">What is to be measured.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="folder">Where.</param>
    /// <param name="say">Told if another process is waited for.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>What the folder holds now.</returns>
    /// <exception cref="InvalidDataException">It holds other results, or a cell of this name with another plan.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ResultsManifest Begin(ResultsManifest manifest, IPictureSource pictures, ResultsFolder folder, Action<string>? say = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(folder);
        using var alone = FolderLock.Take(folder, say, cancellation);
        return Add(Require(manifest, folder), manifest, pictures, folder);
    }

    /// <summary>Adds to what a folder holds; for who has its lock.</summary>
    /// <param name="there">What it holds; null where it holds nothing.</param>
    /// <param name="manifest">What is added.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="folder">Where.</param>
    /// <returns>What it holds now.</returns>
    /// <exception cref="InvalidDataException">It holds a cell of this name with another plan.</exception>
    internal static ResultsManifest Add(ResultsManifest? there, ResultsManifest manifest, IPictureSource pictures, ResultsFolder folder)
    {
        ResultsManifest all = Joined(there, manifest, folder);
        if (!File.Exists(folder.Pictures) || there is null)
            PictureListFile.Save(pictures, folder.Pictures);
        if (all != there)
            ResultsManifestFile.Save(all, folder);
        return all;
    }

    /// <summary>What a folder holds when something is added to it.</summary>
    /// <param name="there">What it holds; null where it holds nothing.</param>
    /// <param name="manifest">What is added.</param>
    /// <param name="folder">The folder, for errors.</param>
    /// <returns><paramref name="there"/> itself where nothing is new.</returns>
    /// <exception cref="InvalidDataException">It holds a cell of this name with another plan.</exception>
    internal static ResultsManifest Joined(ResultsManifest? there, ResultsManifest manifest, ResultsFolder folder)
    {
        if (there is null)
            return manifest;
        Dictionary<string, SweepCell> known = there.Cells.ToDictionary(cell => cell.Name);
        foreach (SweepCell cell in manifest.Cells)
            if (known.TryGetValue(cell.Name, out SweepCell? other) && manifest.IdentityOf(other) != manifest.IdentityOf(cell))
                throw new InvalidDataException($"{folder.Path} has results of another plan as \"{cell.Name}\" ({folder.Plan(cell.Name)}). Name another folder with --output, or remove that one.");
        SweepCell[] added = [.. manifest.Cells.Where(cell => !known.ContainsKey(cell.Name))];
        return added.Length == 0 ? there : there with { Cells = [.. there.Cells, .. added] };
    }
}
