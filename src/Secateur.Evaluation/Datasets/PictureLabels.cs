using System.Collections.Immutable;

namespace Secateur.Evaluation.Datasets;

/// <summary>Finds the class of every picture of a folder or an archive: by a list, or by the folders in which the pictures lie.</summary>
/// <param name="files">The pictures.</param>
/// <param name="matcher">Knows the network's classes.</param>
/// <param name="notice">Told what was understood that could have been meant otherwise.</param>
internal sealed class PictureLabels(IPictureFiles files, ClassMatcher matcher, Action<string>? notice)
{
    /// <summary>By labels.csv among the pictures or beside them, or else by class folders.</summary>
    /// <returns>Empty where neither says anything.</returns>
    /// <exception cref="InvalidDataException">Some pictures have no label, or one that is no class of the network.</exception>
    internal ImmutableArray<int> Find()
    {
        using (Stream? inside = files.OpenList(LabelList.FileName))
            if (inside is not null)
                return ByList(inside, $"{files.Place}: {LabelList.FileName}", "", mayBeOfOthers: false);
        string? beside = files.Parent is { } parent ? Path.Combine(parent, LabelList.FileName) : null;
        return beside is not null && File.Exists(beside) && ByList(beside, mayBeOfOthers: true) is { IsEmpty: false } labels ? labels : ByFolders();
    }

    /// <summary>By a list.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mayBeOfOthers">Whether it may know none of the pictures.</param>
    /// <returns>Empty where it is of others.</returns>
    /// <exception cref="InvalidDataException">It cannot be read, or some pictures are not in it, or have a label that is no class of the network.</exception>
    internal ImmutableArray<int> ByList(string path, bool mayBeOfOthers = false)
    {
        using FileStream stream = File.OpenRead(path);
        return ByList(stream, path, files.StartFrom(Path.GetDirectoryName(Path.GetFullPath(path))!), mayBeOfOthers);
    }

    ImmutableArray<int> ByList(Stream stream, string name, string start, bool mayBeOfOthers)
    {
        List<ListedPicture> list = LabelList.Read(stream, name);
        if (list.Count > 0 && list[0].File.Length == 0)
            return ByOrder(list, name);
        var names = new PictureIndex(files.Paths);
        var said = new ListedPicture?[files.Paths.Count];
        foreach (ListedPicture one in list)
        {
            if (names.Find(one.File, start) is not { } picture)
                continue;
            if (said[picture] is { } earlier && earlier.Word != one.Word)
                throw new InvalidDataException($"{name}, line {one.Line} gives {one.File} the class {one.Word}, and line {earlier.Line} {earlier.Word}; keep the one that is right.");
            said[picture] ??= one;
        }

        int without = said.Count(one => one is null);
        if (without == files.Paths.Count && mayBeOfOthers)
            return [];
        ImmutableArray<int> labels = Classes(said.Where(one => one is not null).Select(one => one!.Value), name);
        if (without > 0)
            throw new InvalidDataException($"{name} names no class for {without} of {files.Paths.Count} pictures in {files.Place}, {files.Paths[Array.IndexOf(said, null)]} for one; add them, or go without labels: --labels none.");
        return labels;
    }

    /// <summary>By a list of classes alone, for the pictures sorted by name. Where that could mean two things it is refused.</summary>
    ImmutableArray<int> ByOrder(List<ListedPicture> list, string name)
    {
        if (list.Count != files.Paths.Count)
            throw new InvalidDataException($"{name} has {list.Count} lines and names no files, and there are {files.Paths.Count} pictures in {files.Place}; give a list with lines \"file,class\".");
        if (!PicturePaths.InOrderOfNumbers(files.Paths, out string? elsewhere))
            throw new InvalidDataException($"{name} names no files, and the place of {elsewhere} depends on whether numbers in names are sorted as text; give a list with lines \"file,class\".");
        ImmutableArray<int> labels = Classes(list, name);
        if (list.TrueForAll(one => one.Word.All(char.IsAsciiDigit)) && !labels.Contains(0))
            throw new InvalidDataException($"{name} names no files and never class 0, so that its numbers may count from 1. {ClassMatcher.IlsvrcIds}. Otherwise give a list with lines \"file,class\".");
        return labels;
    }

    ImmutableArray<int> ByFolders()
    {
        string[] folders = PicturePaths.ClassFolders(files.Paths);
        if (folders.Length == 0 || matcher.OfFolders(folders, files.Place, notice) is not { } classes)
        {
            notice?.Invoke($"{files.Place}: the pictures have no labels (no {LabelList.FileName}, no folder for each class), so that answers are compared with the dense network's. A list of labels can be given with --labels FILE.");
            return [];
        }

        return [.. folders.Select(folder => classes[folder])];
    }

    ImmutableArray<int> Classes(IEnumerable<ListedPicture> said, string name)
    {
        ListedPicture[] all = [.. said];
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (ListedPicture one in all)
            lines[one.Word] = Math.Min(one.Line, lines.GetValueOrDefault(one.Word, int.MaxValue));
        IReadOnlyDictionary<string, int> classes = matcher.OfList(lines, name);
        return [.. all.Select(one => classes[one.Word])];
    }
}
