using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens.Scores;

/// <summary>Weighted page rank over the attention, heads put together by EIR and VHF: the importance of Zero-TPrune ("Zero-TPrune", section 3.2).</summary>
/// <param name="votes">At least 1; a single one reads column sums and leaves the whole attention alone.</param>
internal sealed class ZeroTPruneScore(int votes) : ITokenScore
{
    static readonly ZeroTPruneOptions Usual = new();

    public TokenSignals Needs => WeightedPageRank.Needs(votes - 1);

    /// <summary>The votes, or one from column sums, and the aggregation of heads.</summary>
    public long Macs(SelectionShape shape) =>
        WeightedPageRank.Macs(shape, votes > 1 ? votes : 0) + HeadAggregation.Macs(shape, Usual.HeadMean);

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
