using Secateur.Compression.Tokens;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens.Scores;

/// <summary>Weighted page rank over the attention, heads put together by EIR and VHF.</summary>
/// <param name="votes">At least 1.</param>
internal sealed class ZeroTPruneScoreGraph(int votes) : IGraphScore
{
    public Value Score(GraphView view)
    {
        ZeroTPruneOptions usual = new();
        VotesGraph ofHeads = new WeightedPageRankGraph(view).Vote(new(votes, ClassBoost: view.HasClassToken), null, view.Count);
        return new HeadAggregationGraph(view, usual.HeadMean, usual.VarianceMinimum, usual.VarianceMaximum).Means(ofHeads);
    }
}
