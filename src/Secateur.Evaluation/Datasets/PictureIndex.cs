namespace Secateur.Evaluation.Datasets;

/// <summary>Finds pictures by what a list calls them. Names are compared and never opened: they may say anything.</summary>
internal sealed class PictureIndex
{
    const int Unclear = -1;

    readonly Dictionary<string, int> paths = new(StringComparer.Ordinal), others = new(StringComparer.Ordinal);

    /// <summary>An index of some pictures.</summary>
    /// <param name="all">Their paths.</param>
    internal PictureIndex(IReadOnlyList<string> all)
    {
        for (int i = 0; i < all.Count; i++)
        {
            paths.Add(all[i], i);
            string name = PicturePaths.FileOf(all[i]);
            foreach (string other in new HashSet<string>([PicturePaths.WithoutEnding(all[i]), name, PicturePaths.WithoutEnding(name)], StringComparer.Ordinal))
                if (!others.TryAdd(other, i) && others[other] != i)
                    others[other] = Unclear;
        }
    }

    /// <summary>Finds one.</summary>
    /// <param name="file">As the list has it: a path, or where that is clear its last part, with its ending or without.</param>
    /// <param name="start">How the list begins paths: "val/", or nothing.</param>
    /// <returns>Its index; null where there is none.</returns>
    internal int? Find(string file, string start)
    {
        if (start.Length > 0 && file.StartsWith(start, StringComparison.Ordinal) && paths.TryGetValue(file[start.Length..], out int below))
            return below;
        if (paths.TryGetValue(file, out int exact))
            return exact;
        return others.TryGetValue(file, out int other) && other != Unclear ? other : null;
    }
}
