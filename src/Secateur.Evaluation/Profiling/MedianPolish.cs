namespace Secateur.Evaluation.Profiling;

/// <summary>How slow the machine was in each round, from measurements of many things in many rounds, not all of them in each: median
/// polish (Tukey, 1977, "Exploratory Data Analysis", chapter 11) of a product of a level and a factor.</summary>
internal static class MedianPolish
{
    const int Passes = 6;

    /// <summary>The factor of each round; 1 in the middle.</summary>
    /// <param name="samples">Whatever was measured.</param>
    /// <returns>By round.</returns>
    public static Dictionary<int, double> Factors(IReadOnlyList<LatencySample> samples)
    {
        Dictionary<int, double> factors = samples.Select(sample => sample.Round).Distinct().ToDictionary(round => round, _ => 1.0);
        for (int pass = 0; pass < Passes; pass++)
        {
            Dictionary<int, double> levels = samples.GroupBy(sample => sample.Tokens)
                .ToDictionary(same => same.Key, same => Spread.Of(same.Select(sample => sample.Milliseconds / factors[sample.Round])).Median);
            foreach (IGrouping<int, LatencySample> round in samples.GroupBy(sample => sample.Round))
                factors[round.Key] = Spread.Of(round.Select(sample => sample.Milliseconds / levels[sample.Tokens])).Median;
            double middle = factors.Count == 0 ? 1 : Spread.Of(factors.Values).Median;
            foreach (int round in factors.Keys)
                factors[round] /= middle;
        }

        return factors;
    }
}
