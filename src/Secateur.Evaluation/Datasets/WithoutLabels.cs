using Secateur.Models.Images;

namespace Secateur.Evaluation.Datasets;

/// <summary>A source whose labels are not looked at.</summary>
/// <param name="source">The source.</param>
public sealed class WithoutLabels(IPictureSource source) : IPictureSource
{
    /// <inheritdoc/>
    public string Name => source.Name;

    /// <inheritdoc/>
    public int Count => source.Count;

    /// <inheritdoc/>
    public bool Labelled => false;

    /// <inheritdoc/>
    public PictureEntry this[int index] => source[index] with { Label = PictureEntry.NoLabel };

    /// <inheritdoc/>
    public RgbImage Load(int index) => source.Load(index);
}
