using System.Collections.Immutable;
using Secateur.Models.Images;

namespace Secateur.Evaluation.Datasets;

/// <summary>Pictures of a folder or an archive, with the classes that were found for them.</summary>
/// <param name="files">The pictures.</param>
/// <param name="labels">A class for each, as the network counts; empty without labels.</param>
internal sealed class FilePictures(IPictureFiles files, ImmutableArray<int> labels) : IPictureSource
{
    /// <inheritdoc/>
    public string Name { get; } = $"{files.Paths.Count} pictures of {files.Name}";

    /// <inheritdoc/>
    public int Count => files.Paths.Count;

    /// <inheritdoc/>
    public bool Labelled => !labels.IsEmpty;

    /// <inheritdoc/>
    public PictureEntry this[int index] => new(files.Paths[index], Labelled ? labels[index] : PictureEntry.NoLabel) { Bytes = files.BytesOf(index) };

    /// <inheritdoc/>
    public RgbImage Load(int index) => files.Load(index);
}
