using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens.Scores;

/// <summary>Weighted page rank over the attention, heads put together by EIR and VHF: the importance of Zero-TPrune ("Zero-TPrune", section 3.2).</summary>
/// <param name="votes">At least 1; a single one reads column sums and leaves the whole attention alone.</param>
internal sealed class ZeroTPruneScore(int votes) : ITokenScore
{
    static readonly ZeroTPruneOptions Usual = new();

    public TokenSignals Needs => WeightedPageRank.Needs(votes - 1);

    public void Score(in TokenView view, Span<float> scores)
    {
        bool boost = view.HasClassToken;
        using var rank = new WeightedPageRank(view, votes: votes > 1);
        if (votes > 1)
            rank.Vote(new(votes), boost, absent: default);
        else
            rank.FirstVote(view, boost);
        HeadAggregation.Run(rank, Usual.HeadMean, Usual.VarianceMinimum, Usual.VarianceMaximum, view.Count, scores);
    }
}
