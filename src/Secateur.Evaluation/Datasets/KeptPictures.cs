using System.Collections.Concurrent;

namespace Secateur.Evaluation.Datasets;

/// <summary>Pictures that are read once: as many as fit into a bounded memory are kept ready, the others are read again.</summary>
/// <param name="pictures">Where they come from.</param>
/// <param name="mostBytes">How much memory they may take.</param>
public sealed class KeptPictures(IPictureSet pictures, long mostBytes = 256L << 20) : IPictureSet
{
    readonly ConcurrentDictionary<int, (int Label, float[] Input)> kept = new();
    readonly long most = mostBytes / (sizeof(float) * (long)pictures.InputLength);

    /// <inheritdoc/>
    public string Name => pictures.Name;

    /// <inheritdoc/>
    public int Count => pictures.Count;

    /// <inheritdoc/>
    public int InputLength => pictures.InputLength;

    /// <inheritdoc/>
    public bool Labelled => pictures.Labelled;

    /// <inheritdoc/>
    public int Read(int index, Span<float> input)
    {
        if (kept.TryGetValue(index, out (int Label, float[] Input) known))
        {
            known.Input.CopyTo(input);
            return known.Label;
        }

        int label = pictures.Read(index, input);
        if (kept.Count < most)
            kept.TryAdd(index, (label, input[..InputLength].ToArray()));
        return label;
    }
}
