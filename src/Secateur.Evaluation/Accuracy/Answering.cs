using System.Collections.Immutable;

namespace Secateur.Evaluation.Accuracy;

/// <summary>From a network's raw answers to what is kept of them.</summary>
internal static class Answering
{
    /// <summary>What is kept of one picture's answer.</summary>
    /// <param name="logits">Raw answers, [classes].</param>
    /// <param name="dense">Those of the dense network for the same picture, [classes]; empty for the dense network itself.</param>
    /// <param name="macs">Multiply-adds that were executed.</param>
    /// <returns>Null where the answers are no finite numbers.</returns>
    public static PictureAnswer? Of(ReadOnlySpan<float> logits, ReadOnlySpan<float> dense, long macs)
    {
        ImmutableArray<int> top = Top(logits);
        double q = LogSum(logits, top[0]);
        double divergence = dense.IsEmpty ? 0 : Divergence(dense, logits, q);
        return double.IsFinite(q) && double.IsFinite(divergence) ? new(top, (float)Math.Exp(logits[top[0]] - q), divergence, macs) : null;
    }

    static ImmutableArray<int> Top(ReadOnlySpan<float> logits)
    {
        int count = Math.Min(PictureAnswer.Kept, logits.Length), known = 0;
        Span<int> top = stackalloc int[PictureAnswer.Kept];
        for (int c = 0; c < logits.Length; c++)
        {
            if (known == count && !(logits[c] > logits[top[count - 1]]))
                continue;
            int place = known < count ? known++ : count - 1;
            for (; place > 0 && logits[c] > logits[top[place - 1]]; place--)
                top[place] = top[place - 1];
            top[place] = c;
        }

        return [.. top[..count]];
    }

    static double Divergence(ReadOnlySpan<float> dense, ReadOnlySpan<float> own, double q)
    {
        int largest = 0;
        for (int c = 1; c < dense.Length; c++)
            if (dense[c] > dense[largest])
                largest = c;
        double p = LogSum(dense, largest), sum = 0;
        for (int c = 0; c < dense.Length; c++)
            sum += Math.Exp(dense[c] - p) * (dense[c] - p - (own[c] - q));
        return Math.Max(0, sum);
    }

    static double LogSum(ReadOnlySpan<float> logits, int largest)
    {
        double sum = 0;
        foreach (float logit in logits)
            sum += Math.Exp(logit - logits[largest]);
        return logits[largest] + Math.Log(sum);
    }
}
