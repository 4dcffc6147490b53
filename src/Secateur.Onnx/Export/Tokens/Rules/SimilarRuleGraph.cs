using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens.Rules;

/// <summary>Of the less important half those go that are most like one of the more important half; the others keep their order.</summary>
internal sealed class SimilarRuleGraph : IGraphRule
{
    public GraphMap Decide(GraphView view, Value scores, int remove) =>
        SurvivorGraph.KeepOthers(view, SurvivorGraph.Present(view, new SimilarityStageGraph(view, new()).Run(SurvivorGraph.PrefixFirst(view, scores), remove)), remove);
}
