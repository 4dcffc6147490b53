using System.Collections.Immutable;
using Secateur.Evaluation.Datasets;
using Secateur.Models;
using Secateur.Models.Images;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Structured;

/// <summary>Pictures as examples for vision transformers.</summary>
/// <param name="pictures">The pictures, in the size that the network takes.</param>
public sealed class PictureExamples(IPictureSet pictures) : IExamples
{
    /// <summary>The pictures.</summary>
    public IPictureSet Pictures => pictures;

    /// <inheritdoc/>
    public string Name => pictures.Name;

    /// <inheritdoc/>
    public string What => "pictures";

    /// <inheritdoc/>
    public int Count => pictures.Count;

    /// <inheritdoc/>
    public bool Labelled => pictures.Labelled;

    /// <inheritdoc/>
    public ExampleBatch Read(IEnumerable<int> which)
    {
        ArgumentNullException.ThrowIfNull(which);
        var inputs = new List<float[]>();
        var labels = ImmutableArray.CreateBuilder<int>();
        foreach (int index in which)
        {
            var input = new float[pictures.InputLength];
            try
            {
                labels.Add(pictures.Read(index, input));
                inputs.Add(input);
            }
            catch (ImageException)
            {
                // A set says in eval which of its pictures are damaged; here others stand for it.
            }
        }

        return new Batch([.. inputs.SelectMany(input => input)], labels.ToImmutable());
    }

    sealed record Batch(float[] Input, ImmutableArray<int> Labels) : ExampleBatch(Labels)
    {
        public override TokenRows Embed(Transformer network) => ((VisionTransformer)network).Embed(Input, Count);

        public override float[] Run(Transformer network) => ((VisionTransformer)network).Run(Input, Count);
    }
}
