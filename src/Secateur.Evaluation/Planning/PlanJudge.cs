using System.Runtime.InteropServices;
using Secateur.Evaluation.Datasets;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Planning;

/// <summary>Says how well plans answer on pictures. The dense network's answers are computed once and kept. For one thread at a time.</summary>
/// <param name="network">The network.</param>
/// <param name="pictures">The pictures, in the order in which they are used.</param>
public sealed class PlanJudge(VisionTransformer network, IPictureSet pictures)
{
    const int Batch = 8;

    readonly int classes = network.Classes;
    readonly float[] input = new float[Batch * pictures.InputLength];
    readonly float[] answers = new float[Batch * network.Classes];
    readonly List<float> dense = [];

    /// <summary>The pictures.</summary>
    public IPictureSet Pictures => pictures;

    /// <summary>Runs a plan over some pictures.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="from">The first picture.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What was found on them; the same for every number of threads, and however they are divided, but for rounding of the divergence.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public PlanQuality Judge(TokenPlan plan, int from, int count, CancellationToken cancellation = default) => Judge(network, plan, from, count, cancellation);

    /// <summary>Runs another network under a plan over some pictures, and compares it with this one, dense.</summary>
    /// <param name="other">Answers the same classes for pictures of the same size: this network with heads and neurons removed.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="from">The first picture.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What was found on them.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public PlanQuality Judge(VisionTransformer other, TokenPlan plan, int from, int count, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from + count, pictures.Count);
        var labels = new int[Batch];
        PlanQuality quality = default;
        LearnDense(from + count, cancellation);
        for (int first = from; first < from + count; first += Batch)
        {
            int here = Math.Min(Batch, from + count - first);
            for (int i = 0; i < here; i++)
                labels[i] = pictures.Read(first + i, input.AsSpan(i * pictures.InputLength, pictures.InputLength));
            ReadOnlySpan<float> expected = CollectionsMarshal.AsSpan(dense).Slice(first * classes, here * classes);
            Span<float> own = answers.AsSpan(0, here * classes);
            other.Run(input.AsSpan(0, here * pictures.InputLength), here, own, plan, cancellation: cancellation);
            for (int i = 0; i < here; i++)
                quality += Compare(expected.Slice(i * classes, classes), own.Slice(i * classes, classes), labels[i]);
        }

        return quality;
    }

    void LearnDense(int to, CancellationToken cancellation)
    {
        for (int known = dense.Count / classes; known < to; known = dense.Count / classes)
        {
            int here = Math.Min(Batch, to - known);
            for (int i = 0; i < here; i++)
                pictures.Read(known + i, input.AsSpan(i * pictures.InputLength, pictures.InputLength));
            network.Run(input.AsSpan(0, here * pictures.InputLength), here, answers.AsSpan(0, here * classes), cancellation: cancellation);
            dense.AddRange(answers.AsSpan(0, here * classes));
        }
    }

    PlanQuality Compare(ReadOnlySpan<float> expected, ReadOnlySpan<float> own, int label)
    {
        int truth = Largest(expected), answer = Largest(own);
        bool labelled = pictures.Labelled;
        return new(
            1, truth == answer ? 1 : 0, labelled && answer == label ? 1 : 0, labelled && truth == label ? 1 : 0, Divergence(expected, own), labelled);
    }

    static int Largest(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int c = 1; c < logits.Length; c++)
            if (logits[c] > logits[best])
                best = c;
        return best;
    }

    /// <summary>KL of the probabilities after softmax: sum of p (log p - log q), nats.</summary>
    internal static double Divergence(ReadOnlySpan<float> expected, ReadOnlySpan<float> own)
    {
        double p = LogSum(expected), q = LogSum(own), sum = 0;
        for (int c = 0; c < expected.Length; c++)
            sum += Math.Exp(expected[c] - p) * ((expected[c] - p) - (own[c] - q));
        return Math.Max(0, sum);
    }

    static double LogSum(ReadOnlySpan<float> logits)
    {
        double largest = logits[Largest(logits)], sum = 0;
        foreach (float logit in logits)
            sum += Math.Exp(logit - largest);
        return largest + Math.Log(sum);
    }
}
