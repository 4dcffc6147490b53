using Secateur.Evaluation.Datasets;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation;

/// <summary>How two plans answer on the same pictures.</summary>
/// <param name="FirstRight">Right answers of the first.</param>
/// <param name="SecondRight">Right answers of the second.</param>
/// <param name="Same">Pictures on which both say the same, right or wrong.</param>
public sealed record Agreement(Proportion FirstRight, Proportion SecondRight, Proportion Same)
{
    const int Batch = 8;

    /// <summary>Runs both plans over all pictures.</summary>
    /// <param name="network">The network.</param>
    /// <param name="first">The one plan.</param>
    /// <param name="second">The other.</param>
    /// <param name="pictures">At least one; without labels nothing is right.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The counts.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Agreement Measure(
        VisionTransformer network, TokenPlan first, TokenPlan second, IPictureSet pictures, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(pictures);
        int firstRight = 0, secondRight = 0, same = 0;
        var input = new float[Batch * pictures.InputLength];
        var labels = new int[Batch];
        float[] one = new float[Batch * network.Classes], other = new float[Batch * network.Classes];
        for (int from = 0; from < pictures.Count; from += Batch)
        {
            int count = Math.Min(Batch, pictures.Count - from);
            for (int i = 0; i < count; i++)
                labels[i] = pictures.Read(from + i, input.AsSpan(i * pictures.InputLength, pictures.InputLength));
            ReadOnlySpan<float> batch = input.AsSpan(0, count * pictures.InputLength);
            network.Run(batch, count, one.AsSpan(0, count * network.Classes), first, cancellation: cancellation);
            network.Run(batch, count, other.AsSpan(0, count * network.Classes), second, cancellation: cancellation);
            for (int i = 0; i < count; i++)
            {
                int a = Answer(one, i, network.Classes), b = Answer(other, i, network.Classes);
                firstRight += a == labels[i] ? 1 : 0;
                secondRight += b == labels[i] ? 1 : 0;
                same += a == b ? 1 : 0;
            }

            progress?.Report(from + count);
        }

        return new(new(firstRight, pictures.Count), new(secondRight, pictures.Count), new(same, pictures.Count));
    }

    static int Answer(float[] logits, int image, int classes)
    {
        ReadOnlySpan<float> own = logits.AsSpan(image * classes, classes);
        int best = 0;
        for (int c = 1; c < classes; c++)
            if (own[c] > own[best])
                best = c;
        return best;
    }
}
