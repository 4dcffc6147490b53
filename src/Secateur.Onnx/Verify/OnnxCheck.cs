using System.Collections.Immutable;
using Secateur.Models.Bert;
using Secateur.Models.Text;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Onnx.Runtime;

namespace Secateur.Onnx.Verify;

/// <summary>Runs an exported file in ONNX Runtime beside our engine: decisions must be the same one by one, answers to a tolerance.</summary>
public static class OnnxCheck
{
    /// <summary>How far answers may be apart (<see cref="OnnxCheckResult.LargestDifference"/>): sums in another order, through twelve blocks and more.</summary>
    public const double Tolerance = 1e-3;

    /// <summary>Checks a vision transformer's file on pictures.</summary>
    /// <param name="path">The file; decisions are taken from a model of the same nodes that is written beside it for as long as this runs.</param>
    /// <param name="model">What was saved there.</param>
    /// <param name="network">The network that it was made of.</param>
    /// <param name="plan">The plan that it was made with.</param>
    /// <param name="pictures">One at least, each with what it is called and the network's normalised input, [channels, height, width].</param>
    /// <param name="session">The runtime and how it runs.</param>
    /// <param name="progress">Told how many pictures are done.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="OnnxRuntimeException">The runtime cannot open or run the file.</exception>
    /// <exception cref="IOException">There is no room beside the file.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static OnnxCheckResult Vision(
        string path,
        OnnxModel model,
        VisionTransformer network,
        TokenPlan plan,
        IReadOnlyList<(string Name, float[] Input)> pictures,
        (OnnxRuntimeLibrary Library, OnnxSessionOptions Options) session,
        IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfZero(pictures.Count, nameof(pictures));
        return new VisionCheck(network, plan, model, session.Library, session.Options).Run(path, pictures, progress, cancellation);
    }

    /// <summary>Checks the file of an encoder of texts.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network that it was made of.</param>
    /// <param name="texts">One at least, each with what it is called; cut where the file takes shorter ones.</param>
    /// <param name="session">The runtime and how it runs.</param>
    /// <param name="progress">Told how many texts are done.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="OnnxRuntimeException">The runtime cannot open or run the file.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static OnnxCheckResult Text(
        string path,
        TextTransformer network,
        IReadOnlyList<(string Name, TextTokens Text)> texts,
        (OnnxRuntimeLibrary Library, OnnxSessionOptions Options) session,
        IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfZero(texts.Count, nameof(texts));
        return TextCheck.Run(path, network, texts, session.Library, session.Options, progress, cancellation);
    }

    /// <summary>Pictures of noise, by a seed each.</summary>
    /// <param name="network">Who looks at them.</param>
    /// <param name="count">How many.</param>
    /// <returns>Each with its name: what bytes become when they are normalised.</returns>
    public static IReadOnlyList<(string Name, float[] Input)> Noise(VisionTransformer network, int count)
    {
        ArgumentNullException.ThrowIfNull(network);
        return [.. Enumerable.Range(0, count).Select(seed => ($"noise {seed}", VisionCheck.Noise(network, seed)))];
    }

    /// <summary>Texts of random words, of 1 to 48 tokens.</summary>
    /// <param name="network">Who reads them.</param>
    /// <param name="count">How many.</param>
    /// <returns>Each with its name.</returns>
    public static IReadOnlyList<(string Name, TextTokens Text)> Noise(TextTransformer network, int count)
    {
        const int Longest = 48;
        ArgumentNullException.ThrowIfNull(network);
        return [.. Enumerable.Range(0, count).Select(seed =>
        {
            var random = new Random(seed);
            int tokens = random.Next(1, Math.Min(Longest, network.Config.LongestText) + 1);
            ImmutableArray<int> words = [.. Enumerable.Range(0, tokens).Select(_ => random.Next(network.Vocabulary))];
            return ($"noise {seed}", new TextTokens(words, network.Types > 1 ? [.. words.Select(_ => random.Next(2))] : []));
        })];
    }
}
