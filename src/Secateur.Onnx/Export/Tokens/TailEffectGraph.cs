using Secateur.Compression.Tokens;
using Secateur.Onnx.Export.Tokens.Scores;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>Pruning for the GPU tail effect: the patches that receive little attention become one token, their mean.</summary>
internal sealed class TailEffectGraph(TailEffectPruning method) : IGraphReducer
{
    public GraphMap? Reduce(GraphView view, int remove)
    {
        // R tokens go: R + 1 become one. As the released code counts, each prefix token after the first leaves one more.
        TailEffectPruningOptions options = method.Options;
        int rest = options.Compatibility ? remove + 2 - Math.Max(1, view.Prefix) : remove + 1, keep = view.Patches - rest;
        if (rest < 2 || (options.Compatibility && keep <= view.Prefix))
            return null;
        var score = new TailEffectScoreGraph(options.ValueMaximum, options.Compatibility);
        return RankingGraph.Fuse(view, score.Score(view), keep, InattentiveFusion.Mean);
    }
}
