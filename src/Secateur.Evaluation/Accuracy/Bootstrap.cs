using Secateur.Evaluation.Timing;

namespace Secateur.Evaluation.Accuracy;

/// <summary>The interval of a mean by drawing pictures again (Efron 1979): the middle 95% of the means of samples drawn with replacement. It asks
/// nothing of the shape of the values, and divergences are far from normal: most are tiny, few are large.</summary>
/// <remarks>What is drawn is fixed: the same values in the same order give the same interval, on every machine.</remarks>
public static class Bootstrap
{
    /// <summary>How many samples are drawn.</summary>
    public const int Samples = 2000;

    /// <summary>The mean of some values, with its 95% interval.</summary>
    /// <param name="values">One a picture, at least one.</param>
    /// <returns>The mean and its interval.</returns>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static Estimate Mean(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            throw new ArgumentException("There is nothing to take the mean of.", nameof(values));
        double sum = 0;
        foreach (double value in values)
            sum += value;
        var means = new double[Samples];
        var random = new SplitMix(0x5EC47E);
        for (int sample = 0; sample < Samples; sample++)
        {
            double drawn = 0;
            for (int i = 0; i < values.Length; i++)
                drawn += values[random.Below(values.Length)];
            means[sample] = drawn / values.Length;
        }

        means.AsSpan().Sort();
        double mean = sum / values.Length;
        return new(mean, Spread.At(means, 0.025), Spread.At(means, 0.975));
    }

    /// <summary>Any statistic of some pictures or texts, with its 95% interval.</summary>
    /// <param name="count">How many there are, at least one.</param>
    /// <param name="statistic">Given how often each of them counts: once in the value itself, as often as it was drawn in a sample. Samples of which it is not a number are left out.</param>
    /// <returns>The value and its interval.</returns>
    /// <exception cref="ArgumentException">There is nothing to draw from.</exception>
    public static Estimate Of(int count, Func<int[], double> statistic)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        if (count < 1)
            throw new ArgumentException("There is nothing to draw from.", nameof(count));
        int[] times = new int[count];
        var found = new List<double>(Samples);
        var random = new SplitMix(0x5EC47E);
        for (int sample = 0; sample < Samples; sample++)
        {
            Array.Clear(times);
            for (int i = 0; i < count; i++)
                times[random.Below(count)]++;
            if (statistic(times) is var value && double.IsFinite(value))
                found.Add(value);
        }

        Array.Fill(times, 1);
        double[] sorted = [.. found.Order()];
        return sorted.Length == 0 ? new(statistic(times), double.NaN, double.NaN) : new(statistic(times), Spread.At(sorted, 0.025), Spread.At(sorted, 0.975));
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood, 2014).</summary>
    struct SplitMix(ulong state)
    {
        public int Below(int n)
        {
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return (int)Math.BigMul(z ^ (z >> 31), (ulong)n, out _);
        }
    }
}
