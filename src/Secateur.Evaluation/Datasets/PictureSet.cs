using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Secateur.Models.Images;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Datasets;

/// <summary>The pictures of a source as a network takes them.</summary>
/// <param name="source">Where they come from.</param>
/// <param name="preprocessing">How a picture becomes the network's input.</param>
public sealed class PictureSet(IPictureSource source, ImagePreprocessing preprocessing) : IPictureSet
{
    /// <summary>Where they come from.</summary>
    public IPictureSource Source { get; } = source;

    /// <summary>How a picture becomes the network's input.</summary>
    public ImagePreprocessing Preprocessing { get; } = preprocessing;

    /// <summary>What to call the classes that labels are indices of; empty where they are not named.</summary>
    public ImmutableArray<string> ClassNames { get; init; } = [];

    /// <inheritdoc/>
    public string Name => Source.Name;

    /// <inheritdoc/>
    public int Count => Source.Count;

    /// <inheritdoc/>
    public int InputLength => 3 * Preprocessing.Size.Height * Preprocessing.Size.Width;

    /// <inheritdoc/>
    public bool Labelled => Source.Labelled;

    /// <summary>One name for the order, names, labels and sizes of all pictures: SHA-256 over a line "name TAB label TAB bytes" each, in UTF-8; 64
    /// lower-case hexadecimal digits. The pictures themselves are not opened.</summary>
    public string Hash
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (int i = 0; i < Count; i++)
            {
                PictureEntry entry = Source[i];
                hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{entry.Name}\t{entry.Label}\t{entry.Bytes}\n")));
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ImageException">The picture cannot be read.</exception>
    public int Read(int index, Span<float> input)
    {
        Preprocessor.Run(Source.Load(index), Preprocessing, input);
        return Source[index].Label;
    }
}
