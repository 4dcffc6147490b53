using System.Text;

namespace Secateur.Evaluation.Datasets;

/// <summary>The paths of pictures in a folder or an archive: relative, with forward slashes.</summary>
internal static class PicturePaths
{
    /// <summary>How the names of pictures that are read end.</summary>
    internal static readonly string[] Endings = [".jpg", ".jpeg", ".png"];

    static readonly string[] OtherEndings = [".bmp", ".gif", ".pgm", ".ppm", ".tif", ".tiff", ".webp"];

    /// <summary>Whether a path is one of a picture that is read. Hidden files and those in hidden folders are not (".cache/a.jpg", "._a.jpg").</summary>
    internal static bool IsPicture(string path) => EndsIn(path, Endings) && !IsHidden(path);

    /// <summary>Whether a path is one of a picture of a kind that is not read.</summary>
    internal static bool IsOtherPicture(string path) => EndsIn(path, OtherEndings) && !IsHidden(path);

    /// <summary>The order of torchvision's ImageFolder: by class folder, then by folder, then by name, each as text. A picture that lies in no
    /// folder comes first.</summary>
    internal static int Compare(string a, string b)
    {
        int folderA = a.LastIndexOf('/'), folderB = b.LastIndexOf('/');
        int byClass = Top(a).SequenceCompareTo(Top(b));
        int byFolder = byClass != 0 ? byClass : a.AsSpan(0, Math.Max(0, folderA)).SequenceCompareTo(b.AsSpan(0, Math.Max(0, folderB)));
        return byFolder != 0 ? byFolder : a.AsSpan(folderA + 1).SequenceCompareTo(b.AsSpan(folderB + 1));
    }

    /// <summary>The last part of a path.</summary>
    internal static string FileOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>A path without its ending.</summary>
    internal static string WithoutEnding(string path) => path.LastIndexOf('.') is var dot && dot > path.LastIndexOf('/') + 1 ? path[..dot] : path;

    /// <summary>The class folder of every picture: the first folder below all that they have in common. Empty where some picture lies in none.</summary>
    /// <param name="paths">In the order of <see cref="Compare"/>.</param>
    internal static string[] ClassFolders(IReadOnlyList<string> paths)
    {
        int common = CommonFolder(paths);
        return paths.Any(path => path.IndexOf('/', common) < 0) ? [] : [.. paths.Select(path => path[common..path.IndexOf('/', common)])];
    }

    /// <summary>Whether the pictures would be in the same order if numbers in their names were sorted as numbers (2.png before 10.png).</summary>
    /// <param name="paths">In the order of <see cref="Compare"/>.</param>
    /// <param name="first">The first that would be elsewhere.</param>
    internal static bool InOrderOfNumbers(IReadOnlyList<string> paths, out string? first)
    {
        string[] keys = [.. paths.Select(NumbersBySize)];
        first = null;
        for (int i = 1; i < keys.Length && first is null; i++)
            first = Compare(keys[i - 1], keys[i]) > 0 ? paths[i] : null;
        return first is null;
    }

    /// <summary>Puts before each number in a path how many digits it has, so that text sorts as numbers do.</summary>
    static string NumbersBySize(string path)
    {
        var key = new StringBuilder();
        for (int i = 0, end; i < path.Length; i = end)
        {
            for (end = i + 1; end < path.Length && char.IsAsciiDigit(path[i]) && char.IsAsciiDigit(path[end]);)
                end++;
            string part = char.IsAsciiDigit(path[i]) ? path[i..end].TrimStart('0') : path[i..end];
            key.Append(char.IsAsciiDigit(path[i]) ? $"0{(char)('0' + part.Length)}{part}" : part);
        }

        return key.ToString();
    }

    static ReadOnlySpan<char> Top(string path) => path.AsSpan(0, Math.Max(0, path.IndexOf('/')));

    /// <summary>Length of what all paths begin with, a folder with its slash, as long as a folder is left in each: "val/" of "val/cat/1.jpg".</summary>
    static int CommonFolder(IReadOnlyList<string> paths)
    {
        int common = 0;
        while (paths[0].IndexOf('/', common) is > 0 and var slash
            && paths.All(path => path.AsSpan().StartsWith(paths[0].AsSpan(0, slash + 1)) && path.IndexOf('/', slash + 1) > 0))
            common = slash + 1;
        return common;
    }

    static bool EndsIn(string path, string[] endings) => endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    static bool IsHidden(string path) => (path.StartsWith('.') || path.Contains("/.", StringComparison.Ordinal)) && path.Split('/').Any(part => part.StartsWith('.') && part is not ("." or ".."));
}
