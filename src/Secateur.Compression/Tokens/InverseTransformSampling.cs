namespace Secateur.Compression.Tokens;

/// <summary>Draws from a distribution by fixed samples between 0 and 1: each takes the token at which the summed up distribution is nearest to it.</summary>
internal static class InverseTransformSampling
{
    /// <summary>Draws.</summary>
    /// <param name="form">The official form starts the distribution at 0 and the samples at the first token above it, and ends both at 1; the
    /// other takes the middles of equal parts.</param>
    /// <param name="scores">Significance, not negative, [patches].</param>
    /// <param name="order">The order in which it is summed up, [patches].</param>
    /// <param name="samples">How many.</param>
    /// <param name="picked">By place in <paramref name="order"/>: whether a sample took it; all when the scores are no distribution. [patches].</param>
    internal static void Run(SamplingForm form, ReadOnlySpan<float> scores, ReadOnlySpan<int> order, int samples, Span<bool> picked)
    {
        int n = order.Length;
        Span<float> sums = n <= 2048 ? stackalloc float[n] : new float[n];
        double total = 0, sum = 0;
        foreach (float score in scores)
            total += score;
        for (int i = 0; i < n; i++)
            sums[i] = (float)(sum += scores[order[i]] / total);

        // Nothing to draw from, or all in one place.
        if (!(total > 0) || !double.IsFinite(total) || (form == SamplingForm.Official && sums[^1] <= sums[0]))
        {
            picked.Fill(true);
            return;
        }

        picked.Clear();
        float first = 0;
        if (form == SamplingForm.Official)
            first = Normalise(sums);
        int above = 0;
        for (int k = 0; k < samples; k++)
        {
            double share = form == SamplingForm.Official ? (samples > 1 ? k / (double)(samples - 1) : 0) : (k + 0.5) / samples;
            float sample = (float)(first + (share * (1 - first)));
            while (above < n - 1 && sums[above] < sample)
                above++;
            picked[Nearest(sums, above, sample)] = true;
        }
    }

    // From 0 to 1; returns the first value above 0.
    static float Normalise(Span<float> sums)
    {
        float least = sums[0], range = sums[^1] - least, first = 0;
        foreach (ref float value in sums)
        {
            value = (value - least) / range;
            if (first == 0)
                first = value;
        }

        return first;
    }

    // Of equally near ones the first: before "above", or among equal values.
    static int Nearest(ReadOnlySpan<float> sums, int above, float sample)
    {
        int nearest = above;
        if (above > 0 && Math.Abs(sums[above - 1] - sample) <= Math.Abs(sums[above] - sample))
            nearest = above - 1;
        while (nearest > 0 && sums[nearest - 1] == sums[nearest])
            nearest--;
        return nearest;
    }
}
