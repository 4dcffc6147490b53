using Microsoft.Win32.SafeHandles;

namespace Secateur.Evaluation.Datasets;

/// <summary>Opens the pictures that a path names, whatever it is: a folder, a tar archive, a list of pictures, CIFAR-10's binary files.</summary>
public static class PictureSources
{
    /// <summary>What stands for going without labels.</summary>
    public const string NoLabels = "none";

    /// <summary>Opens them; no picture is read yet.</summary>
    /// <param name="path">A folder or a file.</param>
    /// <param name="matcher">Knows the network's classes.</param>
    /// <param name="labels">A list of labels; <see cref="NoLabels"/> to go without; null for labels.csv where there is one, or class folders.</param>
    /// <param name="notice">Told what was understood that could have been meant otherwise, and what is left out.</param>
    /// <returns>The pictures.</returns>
    /// <exception cref="IOException">Something is not there.</exception>
    /// <exception cref="InvalidDataException">There are no pictures, or their labels cannot be those of the network.</exception>
    public static IPictureSource Open(string path, ClassMatcher matcher, string? labels = null, Action<string>? notice = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(matcher);
        if (Directory.Exists(path) && !CifarPictures.IsIn(path))
            return Labelled(new FolderFiles(path, notice), matcher, labels, notice);
        if (Directory.Exists(path) || HasEnding(path, ".bin"))
            return labels is null or NoLabels
                ? new CifarPictures(path, labels is null ? matcher : null, notice)
                : throw new InvalidDataException($"{path}: CIFAR-10's files bring their labels; leave --labels out, or give --labels {NoLabels}.");
        if (IsTar(path))
            return Labelled(new TarFiles(path, notice), matcher, labels, notice);
        FolderFiles listed = ListedFiles.Open(path, out bool labelled);
        return Labelled(listed, matcher, labels ?? (labelled ? path : NoLabels), notice);
    }

    /// <summary>Whether a file is an archive, rather than a list.</summary>
    /// <exception cref="InvalidDataException">It is neither.</exception>
    static bool IsTar(string path)
    {
        byte[] start = new byte[TarIndex.BlockSize];
        int read;
        using (SafeFileHandle file = File.OpenHandle(path))
            read = TarIndex.ReadAt(file, start, 0);
        if (HasEnding(path, ".tar") || TarIndex.IsHeader(start.AsSpan(0, read)))
            return true;
        if (HasEnding(path, ".csv", ".tsv", ".txt"))
            return false;
        string? packed = start switch
        {
            [0x1F, 0x8B, ..] => "gzip",
            [(byte)'B', (byte)'Z', (byte)'h', ..] => "bzip2",
            [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] => "xz",
            [0x28, 0xB5, 0x2F, 0xFD, ..] => "zstd",
            [(byte)'P', (byte)'K', 3, 4, ..] => "zip",
            _ => null,
        };
        throw new InvalidDataException(packed is not null
            ? $"{path} is packed with {packed}, so that pictures cannot be read where they lie. Unpack it to a .tar (pictures are hardly smaller packed), or extract it and give the folder."
            : $"{path} is neither an archive nor a list of pictures; give a folder, a .tar, a .csv with lines \"file,class\", or a .bin of CIFAR-10.");
    }

    static bool HasEnding(string path, params ReadOnlySpan<string> endings)
    {
        foreach (string ending in endings)
            if (path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    static FilePictures Labelled(IPictureFiles files, ClassMatcher matcher, string? labels, Action<string>? notice)
    {
        var finder = new PictureLabels(files, matcher, notice);
        return new(files, labels switch { NoLabels => [], null => finder.Find(), _ => finder.ByList(labels) });
    }
}
