using System.Collections.Immutable;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Datasets;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Transfer;

/// <summary>What a network's classifier reads of some pictures, and their classes.</summary>
/// <param name="Width">Floats of a picture.</param>
/// <param name="Rows">One a picture, [width].</param>
/// <param name="Labels">The class of each.</param>
public sealed record FeatureSet(int Width, ImmutableArray<float[]> Rows, ImmutableArray<int> Labels)
{
    const int Batch = 8;

    /// <summary>How many pictures.</summary>
    public int Count => Rows.Length;

    /// <summary>Runs the network once over every picture.</summary>
    /// <param name="network">Without a classifier (<see cref="HeadWeights.Without"/>), so that it answers features.</param>
    /// <param name="pictures">With labels; those that cannot be read are left out.</param>
    /// <param name="plan">Which tokens to compute.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Features in the order of the pictures.</returns>
    /// <exception cref="InvalidDataException">There are no labels, or none of the pictures can be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static FeatureSet Of(VisionTransformer network, PictureSet pictures, TokenPlan plan, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(pictures);
        if (!pictures.Labelled)
            throw new InvalidDataException($"{pictures.Name} have no labels, so that there is nothing to learn from them; put them into a folder for each class.");
        var rows = new float[]?[pictures.Count];
        var run = new PictureRun(network, pictures, Batch);
        int done = 0;
        run.Run(plan, [.. Enumerable.Range(0, run.Chunks)], Keep, cancellation);
        int[] read = [.. Enumerable.Range(0, rows.Length).Where(i => rows[i] is not null)];
        return read.Length == 0
            ? throw new InvalidDataException($"{pictures.Name}: none of them can be read.")
            : new(network.Classes, [.. read.Select(i => rows[i]!)], [.. read.Select(i => pictures.Source[i].Label)]);

        void Keep(PictureChunk chunk)
        {
            for (int i = 0; i < chunk.Count; i++)
                rows[chunk.Pictures[i]] = chunk.Logits.Slice(i * network.Classes, network.Classes).ToArray();
            progress?.Report(done += chunk.Count + chunk.Bad.Count);
        }
    }

    /// <summary>Holds out every so many pictures, by their order: sets that are sorted by class are divided evenly.</summary>
    /// <param name="every">1 of this many.</param>
    /// <returns>The others, and those that are held out.</returns>
    public (FeatureSet Others, FeatureSet HeldOut) HoldOut(int every) => (Only(i => i % every != every - 1), Only(i => i % every == every - 1));

    FeatureSet Only(Func<int, bool> which)
    {
        int[] kept = [.. Enumerable.Range(0, Count).Where(which)];
        return new(Width, [.. kept.Select(i => Rows[i])], [.. kept.Select(i => Labels[i])]);
    }
}
