using Secateur.Models.Images;

namespace Secateur.Evaluation.Datasets;

/// <summary>The first few pictures of a set that can be read.</summary>
public sealed class FirstPictures : IPictureSet
{
    readonly List<float[]> inputs = [];
    readonly List<int> labels = [];

    /// <summary>Reads them.</summary>
    /// <param name="pictures">The set.</param>
    /// <param name="most">How many, if there are as many.</param>
    /// <exception cref="ImageException">None can be read; what is wrong with the last.</exception>
    public FirstPictures(IPictureSet pictures, int most)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        (Name, InputLength, Labelled) = ($"the first of {pictures.Name}", pictures.InputLength, pictures.Labelled);
        for (int i = 0; i < pictures.Count && Count < most; i++)
        {
            var input = new float[InputLength];
            try
            {
                labels.Add(pictures.Read(i, input));
                inputs.Add(input);
            }
            catch (ImageException) when (Count > 0 || i + 1 < pictures.Count)
            {
                // It is reported when its turn comes.
            }
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count => inputs.Count;

    /// <inheritdoc/>
    public int InputLength { get; }

    /// <inheritdoc/>
    public bool Labelled { get; }

    /// <inheritdoc/>
    public int Read(int index, Span<float> input)
    {
        inputs[index].CopyTo(input);
        return labels[index];
    }
}
