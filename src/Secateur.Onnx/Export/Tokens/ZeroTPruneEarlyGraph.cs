using Secateur.Compression.Tokens;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>The early form of Zero-TPrune: votes over sharpened attention from a uniform start.</summary>
internal sealed class ZeroTPruneEarlyGraph(ZeroTPruneEarly method) : IGraphReducer
{
    public GraphMap Reduce(GraphView view, int remove)
    {
        var votes = new VotingGraphRules(method.Options.Iterations, Temperature: method.Options.Temperature);
        var heads = new HeadAggregationGraph(view, method.Options.HeadMean);
        return SurvivorGraph.KeepImportant(view, heads.Sums(new WeightedPageRankGraph(view).Vote(votes, null, view.Count)), null, remove);
    }
}
