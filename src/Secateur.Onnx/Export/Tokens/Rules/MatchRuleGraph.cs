using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens.Rules;

/// <summary>ToMe's merge between the halves of a ranking: of the less important half those merge whose keys are most like one of the more important half.</summary>
internal sealed class MatchRuleGraph : IGraphRule
{
    public GraphMap Decide(GraphView view, Value scores, int remove)
    {
        MatchingHalves halves = RankingGraph.Split(view, scores, view.Patches / 2);
        return MatchingGraph.OfKeys(view, halves).Merge(halves, remove);
    }
}
