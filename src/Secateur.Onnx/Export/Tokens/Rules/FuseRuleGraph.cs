using Secateur.Compression.Tokens;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens.Rules;

/// <summary>The most important stay, the best first; the others become one token behind them.</summary>
/// <param name="fuse">How they become one; with <see cref="InattentiveFusion.None"/> they go.</param>
internal sealed class FuseRuleGraph(InattentiveFusion fuse) : IGraphRule
{
    public GraphMap Decide(GraphView view, Value scores, int remove) =>
        RankingGraph.Fuse(view, scores, view.Patches - remove - (fuse == InattentiveFusion.None ? 0 : 1), fuse);
}
