using System.Runtime.InteropServices;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Accuracy;

/// <summary>A picture that could not be read.</summary>
/// <param name="Index">Its index in the set.</param>
/// <param name="Why">For people; names it.</param>
public readonly record struct BadPicture(int Index, string Why);

/// <summary>Some pictures that followed one another and ran together.</summary>
public sealed class PictureChunk
{
    readonly int inputLength, classes;
    readonly float[] input, logits;
    readonly List<int> pictures = [];
    readonly List<BadPicture> bad = [];

    internal PictureChunk(VisionTransformer network, TokenPlan plan, int inputLength, int batch)
    {
        (this.inputLength, classes) = (inputLength, network.Classes);
        (input, logits) = (new float[checked(batch * inputLength)], new float[checked(batch * classes)]);
        Macs = new(network, plan);
    }

    /// <summary>Which chunk.</summary>
    public int Index { get; private set; }

    /// <summary>The first picture's index in the set, read or not.</summary>
    public int First { get; private set; }

    /// <summary>How many pictures were read and ran.</summary>
    public int Count => pictures.Count;

    /// <summary>Their indices in the set, rising.</summary>
    public ReadOnlySpan<int> Pictures => CollectionsMarshal.AsSpan(pictures);

    /// <summary>Those that could not be read.</summary>
    public IReadOnlyList<BadPicture> Bad => bad;

    /// <summary>The raw answers of those that ran, [<see cref="Count"/>, classes].</summary>
    public ReadOnlySpan<float> Logits => WritableLogits;

    internal Span<float> WritableLogits => logits.AsSpan(0, Count * classes);

    internal ReadOnlySpan<float> Input => input.AsSpan(0, Count * inputLength);

    internal Span<float> NextInput => input.AsSpan(Count * inputLength, inputLength);

    internal PictureMacs Macs { get; }

    /// <summary>Multiply-adds that were executed for one of those that ran, with patch embedding, classifier and selection.</summary>
    /// <param name="position">In [0, <see cref="Count"/>).</param>
    public long MacsOf(int position) => Macs[position];

    /// <summary>Those of them that selection took.</summary>
    /// <param name="position">In [0, <see cref="Count"/>).</param>
    public long SelectionMacsOf(int position) => Macs.Selection(position);

    internal void Begin(int index, int first)
    {
        (Index, First) = (index, first);
        pictures.Clear();
        bad.Clear();
    }

    internal void Add(int picture) => pictures.Add(picture);

    internal void AddBad(BadPicture picture) => bad.Add(picture);
}
