using Secateur.Compression.Tokens;
using Secateur.Onnx.Export.Tokens.Scores;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>EViT: the patches to which the class token attends most stay, best first; the others are fused into one more token.</summary>
internal sealed class EViTGraph(EViT method) : IGraphReducer
{
    public GraphMap Reduce(GraphView view, int remove)
    {
        int fused = method.Options.Fuse == InattentiveFusion.None ? 0 : 1;
        return RankingGraph.Fuse(view, ClassAttentionScoreGraph.Instance.Score(view), view.Patches - remove - fused, method.Options.Fuse);
    }
}
