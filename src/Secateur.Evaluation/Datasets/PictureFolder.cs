using System.Collections.Immutable;
using Secateur.Models.Images;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Datasets;

/// <summary>The JPEG and PNG files in a folder and below it, sorted by path; with labels where a file labels.csv in the folder or beside it
/// names their classes. <see cref="KeptPictures"/> spares decoding them again.</summary>
public sealed class PictureFolder : IPictureSet
{
    static readonly string[] Endings = [".jpg", ".jpeg", ".png"];

    readonly ImagePreprocessing preprocessing;
    readonly ImmutableArray<string> files;
    readonly ImmutableArray<int> labels;

    /// <summary>Lists the pictures; none is opened yet.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="preprocessing">How a picture becomes the network's input.</param>
    /// <exception cref="IOException">The folder is not there.</exception>
    /// <exception cref="InvalidDataException">It holds no picture, its labels cannot be read, or they leave some of its pictures out.</exception>
    public PictureFolder(string folder, ImagePreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(preprocessing);
        this.preprocessing = preprocessing;
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        files = [.. Directory.EnumerateFiles(full, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
            .Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)];
        if (files.IsEmpty)
            throw new InvalidDataException($"{folder}: this folder holds no picture ({string.Join(", ", Endings)}).");
        Name = $"{files.Length} pictures of the folder {Path.GetFileName(full)}";
        labels = Labels(full) ?? [];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count => files.Length;

    /// <inheritdoc/>
    public int InputLength => 3 * preprocessing.Size.Height * preprocessing.Size.Width;

    /// <inheritdoc/>
    public bool Labelled => !labels.IsEmpty;

    /// <summary>The largest class index among the labels; -1 without labels.</summary>
    public int LargestLabel => Labelled ? labels.Max() : -1;

    /// <inheritdoc/>
    /// <exception cref="ImageException">The picture cannot be read.</exception>
    public int Read(int index, Span<float> input)
    {
        Preprocessor.Run(ImageFile.Load(files[index]), preprocessing, input);
        return Labelled ? labels[index] : -1;
    }

    ImmutableArray<int>? Labels(string folder)
    {
        foreach (string? place in (string?[])[folder, Path.GetDirectoryName(folder)])
        {
            string path = Path.Combine(place ?? folder, PictureLabels.FileName);
            if (!File.Exists(path))
                continue;
            Dictionary<string, int> known = PictureLabels.Read(path, files.ToHashSet(StringComparer.Ordinal));
            int without = files.Count(file => !known.ContainsKey(file));
            if (without == 0)
                return [.. files.Select(file => known[file])];

            // A list beside the folder may be of other pictures altogether.
            if (place == folder || without < files.Length)
                throw new InvalidDataException($"{path} names no class for {without} of {files.Length} pictures in {folder}, {files.First(file => !known.ContainsKey(file))} for one; add them, or take the list away to go without labels.");
        }

        return null;
    }
}
