using Secateur.Onnx.Export.Tokens.Scores;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>Top-K: the patches to which the class token attends most stay, best first.</summary>
internal sealed class TopKGraph : IGraphReducer
{
    public GraphMap Reduce(GraphView view, int remove) =>
        GraphSelection.KeepRanked(view, view.OfPatches(ClassAttentionScoreGraph.Instance.Score(view)), view.Patches - remove);
}
