using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens.Rules;

/// <summary>The least important go; the others keep their order.</summary>
internal sealed class DropRuleGraph : IGraphRule
{
    public GraphMap Decide(GraphView view, Value scores, int remove) =>
        GraphSelection.KeepRising(view, view.OfPatches(scores), view.Patches - remove);
}
