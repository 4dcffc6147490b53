using Secateur.Compression.Tokens;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens.Scores;

/// <summary>Votes over sharpened attention from a uniform start.</summary>
/// <param name="votes">At least 1.</param>
internal sealed class ZeroTPruneEarlyScoreGraph(int votes) : IGraphScore
{
    public Value Score(GraphView view)
    {
        ZeroTPruneEarlyOptions usual = new();
        VotesGraph ofHeads = new WeightedPageRankGraph(view).Vote(new(votes, Temperature: usual.Temperature), null, view.Count);
        return new HeadAggregationGraph(view, usual.HeadMean).Means(ofHeads);
    }
}
