using Secateur.Models.Vit;

namespace Secateur.Evaluation.Datasets;

/// <summary>Noise instead of pictures, by a seed: enough to time what does not depend on what is seen.</summary>
/// <param name="network">Who looks at it.</param>
/// <param name="count">How many.</param>
public sealed class NoisePictures(VisionTransformer network, int count) : IPictureSet
{
    /// <inheritdoc/>
    public string Name => $"{Count} pictures of noise";

    /// <inheritdoc/>
    public int Count { get; } = count;

    /// <inheritdoc/>
    public int InputLength => network.ImageLength;

    /// <inheritdoc/>
    public bool Labelled => false;

    /// <inheritdoc/>
    public int Read(int index, Span<float> input)
    {
        var random = new Random(index);
        foreach (ref float value in input[..InputLength])
            value = (2 * random.NextSingle()) - 1;
        return PictureEntry.NoLabel;
    }
}
