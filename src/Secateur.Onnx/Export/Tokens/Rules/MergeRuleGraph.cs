using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens.Rules;

/// <summary>The most important stay in their order; each of the others merges with the one of them whose key is most like its own.</summary>
internal sealed class MergeRuleGraph : IGraphRule
{
    public GraphMap Decide(GraphView view, Value scores, int remove)
    {
        MatchingHalves halves = RankingGraph.Split(view, scores, view.Patches - remove);
        return MatchingGraph.OfKeys(view, halves).Merge(halves, remove);
    }
}
