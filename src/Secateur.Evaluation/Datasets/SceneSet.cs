using Secateur.Models.Images;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Datasets;

/// <summary>Drawn scenes one after another: a data set that is never stored.</summary>
/// <param name="first">Seed of the first scene; those from <see cref="SceneGenerator.FirstHeldOutSeed"/> on were never trained on.</param>
/// <param name="count">How many.</param>
/// <param name="preprocessing">How a scene becomes the network's input; scenes are drawn in its size, so that nothing is resized.</param>
public sealed class SceneSet(ulong first, int count, ImagePreprocessing preprocessing) : IPictureSet, IPictureSource
{
    readonly int size = preprocessing.Size.Height == preprocessing.Size.Width
        ? preprocessing.Size.Height
        : throw new ArgumentException($"Scenes are square, not {preprocessing.Size.Height} x {preprocessing.Size.Width}.", nameof(preprocessing));

    /// <inheritdoc/>
    public string Name => $"{Count} drawn scenes from seed {first} on";

    /// <inheritdoc/>
    public bool Labelled => true;

    /// <summary>How many scenes.</summary>
    public int Count { get; } = count;

    /// <summary>Floats in one scene as the network's input: 3 * height * width.</summary>
    public int InputLength => 3 * size * size;

    /// <summary>Draws a scene.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    /// <returns>Its class, an index into <see cref="SceneGenerator.Classes"/>, and the picture.</returns>
    public (int Label, RgbImage Picture) Draw(int index)
    {
        var picture = new RgbImage(size, size);
        return (SceneGenerator.Draw(first + (ulong)index, size, picture.Pixels), picture);
    }

    /// <summary>Draws a scene as the network's input.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    /// <param name="input">Receives [3, height, width].</param>
    /// <returns>Its class.</returns>
    public int Draw(int index, Span<float> input)
    {
        (int label, RgbImage picture) = Draw(index);
        Preprocessor.Normalise(picture, preprocessing, input);
        return label;
    }

    /// <inheritdoc/>
    public PictureEntry this[int index] => new($"scene-{first + (ulong)index}", SceneGenerator.LabelOf(first + (ulong)index));

    /// <inheritdoc/>
    public RgbImage Load(int index) => Draw(index).Picture;

    /// <inheritdoc/>
    public int Read(int index, Span<float> input) => Draw(index, input);
}
