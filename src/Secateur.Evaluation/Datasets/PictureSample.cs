using System.Collections.Immutable;
using Secateur.Models.Images;

namespace Secateur.Evaluation.Datasets;

/// <summary>Some pictures of a set, in an order of their own.</summary>
/// <param name="pictures">The whole set.</param>
/// <param name="indices">Which, in order.</param>
/// <param name="labelled">False to go without labels where there are some.</param>
public sealed class PictureSample(IPictureSet pictures, ImmutableArray<int> indices, bool labelled = true) : IPictureSet
{
    /// <inheritdoc/>
    public string Name => indices.Length == pictures.Count ? pictures.Name : $"{indices.Length} of {pictures.Name}";

    /// <inheritdoc/>
    public int Count => indices.Length;

    /// <inheritdoc/>
    public int InputLength => pictures.InputLength;

    /// <inheritdoc/>
    public bool Labelled => labelled && pictures.Labelled;

    /// <summary>Those of some pictures that can be read.</summary>
    /// <param name="pictures">The whole set; each of the pictures is read once.</param>
    /// <param name="indices">Which, in order.</param>
    /// <returns>Fewer where some are damaged.</returns>
    public static PictureSample Readable(IPictureSet pictures, IEnumerable<int> indices)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var input = new float[pictures.InputLength];
        return new(pictures, [.. indices.Where(CanBeRead)]);

        bool CanBeRead(int index)
        {
            try
            {
                pictures.Read(index, input);
                return true;
            }
            catch (ImageException)
            {
                return false;
            }
        }
    }

    /// <summary>Deals all pictures into two halves, by a seed: one to search with, and one that the search never sees.</summary>
    /// <param name="pictures">At least two.</param>
    /// <param name="seed">Orders them.</param>
    /// <returns>The first has the odd one.</returns>
    public static (PictureSample Search, PictureSample HeldOut) Halves(IPictureSet pictures, int seed)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfLessThan(pictures.Count, 2, nameof(pictures));
        int[] order = [.. Enumerable.Range(0, pictures.Count)];
        new Random(seed).Shuffle(order);
        int half = (order.Length + 1) / 2;
        return (new(pictures, [.. order[..half]]), new(pictures, [.. order[half..]]));
    }

    /// <inheritdoc/>
    public int Read(int index, Span<float> input) => pictures.Read(indices[index], input) is var label && Labelled ? label : -1;
}
