using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>How the scores of several heads become one score a token.</summary>
public enum HeadMean
{
    /// <summary>Emphasising Informative Region: a token that one head finds important stays important.</summary>
    RootMeanSquare,

    /// <summary>The plain mean (the ablation without EIR).</summary>
    Arithmetic,
}

/// <summary>
/// One score a token out of one a head ("Zero-TPrune", section 3.2): the root mean square over heads (EIR) of the heads whose scores vary
/// neither too little nor too much (VHF). When no head passes the filter, all count.
/// </summary>
/// <remarks>The variance is the biased one over all tokens that vote, class token included, on the scale where an ordinary token starts
/// with 1: on the scale where scores sum to 1 no variance can reach the paper's lower bound once there are 100 tokens
/// (docs/decisions/2026-11-21-vhf-scale.md).</remarks>
internal static class HeadAggregation
{
    /// <param name="rank">Scores by head.</param>
    /// <param name="mean">Which mean.</param>
    /// <param name="minimum">Smallest variance of a head that counts.</param>
    /// <param name="maximum">Largest variance of a head that counts.</param>
    /// <param name="voters">Tokens that took part; the scores of the others are 0.</param>
    /// <param name="importance">One score a token, [tokens].</param>
    internal static void Run(WeightedPageRank rank, HeadMean mean, double minimum, double maximum, int voters, Span<float> importance)
    {
        Span<bool> passes = rank.Heads <= 256 ? stackalloc bool[rank.Heads] : new bool[rank.Heads];
        int heads = 0;
        for (int h = 0; h < passes.Length; h++)
        {
            double variance = Variance(rank.Scores(h), voters);
            passes[h] = minimum <= variance && variance <= maximum;
            heads += passes[h] ? 1 : 0;
        }

        if (heads == 0)
        {
            passes.Fill(true);
            heads = passes.Length;
        }

        importance.Clear();
        for (int h = 0; h < passes.Length; h++)
            if (passes[h])
                Add(rank.Scores(h), mean, importance);
        for (int i = 0; i < importance.Length; i++)
            importance[i] = mean == HeadMean.RootMeanSquare ? MathF.Sqrt(importance[i] / heads) : importance[i] / heads;
    }

    /// <summary>Multiply-adds: the squares of the variance, and those of the root mean square as if every head passed the filter.</summary>
    internal static long Macs(SelectionShape shape, HeadMean mean) =>
        (long)shape.Block.Heads * shape.Tokens * (mean == HeadMean.RootMeanSquare ? 2 : 1);

    /// <summary>The biased variance of the scores of those who took part; the others' zeros change neither sum.</summary>
    internal static double Variance(ReadOnlySpan<float> scores, int voters)
    {
        double mean = (double)Sums.Of(scores) / voters;
        return Math.Max(0, (Sums.OfSquares(scores) / (double)voters) - (mean * mean));
    }

    static void Add(ReadOnlySpan<float> scores, HeadMean mean, Span<float> sum)
    {
        if (mean == HeadMean.RootMeanSquare)
            for (int i = 0; i < sum.Length; i++)
                sum[i] += scores[i] * scores[i];
        else
            for (int i = 0; i < sum.Length; i++)
                sum[i] += scores[i];
    }
}
