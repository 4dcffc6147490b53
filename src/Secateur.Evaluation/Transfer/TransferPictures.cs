using System.Collections.Immutable;
using Secateur.Evaluation.Datasets;
using Secateur.Models.Images;

namespace Secateur.Evaluation.Transfer;

/// <summary>Pictures of new classes: the folders in which they lie name them.</summary>
public static class TransferPictures
{
    /// <summary>The names of the class folders, in alphabetical order.</summary>
    /// <param name="path">A folder or a .tar with a folder for each class.</param>
    /// <returns>The names, which are the classes of the new classifier.</returns>
    /// <exception cref="IOException">It is not there.</exception>
    /// <exception cref="InvalidDataException">There are no class folders.</exception>
    public static ImmutableArray<string> Classes(string path)
    {
        IPictureFiles files = Directory.Exists(path) ? new FolderFiles(path, notice: null) : new TarFiles(path, notice: null);
        string[] folders = PicturePaths.ClassFolders(files.Paths);
        return folders.Length == 0
            ? throw new InvalidDataException($"{path}: the pictures do not lie in a folder for each class, so that there are no classes to learn; sort them into folders that are named as the classes.")
            : [.. folders.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>Some pictures of a source, evenly spread over it.</summary>
    /// <param name="source">All of them.</param>
    /// <param name="count">How many, if there are as many.</param>
    /// <returns>The source itself where it has no more.</returns>
    public static IPictureSource Spread(IPictureSource source, int count)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return count >= source.Count ? source : new Part(source, count);
    }

    sealed class Part(IPictureSource source, int count) : IPictureSource
    {
        public string Name => $"{count} of {source.Name}";

        public int Count => count;

        public bool Labelled => source.Labelled;

        public PictureEntry this[int index] => source[At(index)];

        public RgbImage Load(int index) => source.Load(At(index));

        int At(int index) => (int)((long)index * source.Count / count);
    }
}
