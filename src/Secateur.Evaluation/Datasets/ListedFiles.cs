namespace Secateur.Evaluation.Datasets;

/// <summary>The pictures that a list names, in its folder and below.</summary>
internal static class ListedFiles
{
    /// <summary>Opens them; no picture is read yet.</summary>
    /// <param name="list">The list: "file,class" lines, or files alone.</param>
    /// <param name="labelled">Whether it says their classes.</param>
    /// <returns>The pictures, sorted.</returns>
    /// <exception cref="InvalidDataException">It names no picture, one that is not there, or one elsewhere.</exception>
    internal static FolderFiles Open(string list, out bool labelled)
    {
        List<ListedPicture> lines;
        using (FileStream stream = File.OpenRead(list))
            lines = LabelList.Read(stream, list);
        if (lines.Count > 0 && !PicturePaths.IsPicture(lines[0].File))
            lines.RemoveAt(0);
        if (lines.Count == 0 || lines[0].File.Length == 0)
            throw new InvalidDataException($"{list} names no pictures; it must have lines \"file,class\", files relative to its folder. Is it a list of labels for pictures elsewhere? Then give those, and --labels {list}.");
        labelled = !lines[0].IsAlone;
        string folder = Path.GetDirectoryName(Path.GetFullPath(list))!;
        var paths = new SortedSet<string>(Comparer<string>.Create(PicturePaths.Compare));
        foreach (ListedPicture line in lines)
        {
            string? wrong = !PicturePaths.IsPicture(line.File) ? $"is no picture that is read ({string.Join(", ", PicturePaths.Endings)})"
                : Path.IsPathRooted(line.File) || line.File.Split('/').Any(part => part is "" or "." or "..") ? "does not lie below the list's folder"
                : paths.Add(line.File) && !File.Exists(Path.Combine(folder, line.File)) ? $"is not there (in {folder})" : null;
            if (wrong is not null)
                throw new InvalidDataException($"{list}, line {line.Line}: {line.File} {wrong}.");
        }

        return new(folder, [.. paths]);
    }
}
