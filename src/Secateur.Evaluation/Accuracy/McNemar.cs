namespace Secateur.Evaluation.Accuracy;

/// <summary>Whether two networks differ in accuracy on the same pictures: the exact test of McNemar.</summary>
/// <remarks>Only pictures that one of them answers rightly and the other wrongly say anything; were there no difference, each of them would fall
/// to either side like a coin. McNemar, Psychometrika 12 (1947), with the binomial instead of its approximation.</remarks>
public static class McNemar
{
    /// <summary>The chance of a split at least as uneven, were there no difference; two-sided.</summary>
    /// <param name="lost">Pictures that the first alone answers rightly.</param>
    /// <param name="gained">Pictures that the second alone answers rightly.</param>
    /// <returns>In (0, 1]; 1 where both are equal.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    public static double Exact(int lost, int gained)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lost);
        ArgumentOutOfRangeException.ThrowIfNegative(gained);
        long split = (long)lost + gained;
        int fewer = Math.Min(lost, gained);

        // The sum of C(split, i) / 2^split up to the smaller count, from its largest term down; that term as a logarithm, since 2^split soon overflows.
        double last = -split * Math.Log(2);
        for (int i = 1; i <= fewer; i++)
            last += Math.Log((double)(split - i + 1) / i);
        double sum = 1, term = 1;
        for (int i = fewer; i > 0 && term > 1e-17 * sum; i--)
            sum += term *= (double)i / (split - i + 1);
        return Math.Min(1, 2 * sum * Math.Exp(last));
    }
}
