namespace Secateur.Evaluation.Planning;

/// <summary>What is worth looking at: things that no other one beats in everything.</summary>
public static class ParetoFront
{
    /// <summary>Says which of some things are on the front.</summary>
    /// <param name="all">The things.</param>
    /// <param name="losses">What is to be small, the same number for each: latency and loss, for two.</param>
    /// <returns>For each whether no other one is at most equal in every loss and smaller in one.</returns>
    public static bool[] Of<T>(IReadOnlyList<T> all, Func<T, double[]> losses)
    {
        ArgumentNullException.ThrowIfNull(all);
        double[][] points = [.. all.Select(losses)];
        return [.. points.Select(one => !points.Any(other => Beats(other, one)))];
    }

    static bool Beats(double[] one, double[] other)
    {
        bool smaller = false;
        for (int i = 0; i < one.Length; i++)
        {
            if (one[i] > other[i])
                return false;
            smaller |= one[i] < other[i];
        }

        return smaller;
    }
}
