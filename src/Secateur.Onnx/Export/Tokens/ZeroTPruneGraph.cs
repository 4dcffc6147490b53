using Secateur.Compression.Tokens;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>Zero-TPrune: a vote ranks the tokens (I'), those too similar to more important ones go (S), the rest vote again and the least important go (I).</summary>
internal sealed class ZeroTPruneGraph(ZeroTPrune method) : IGraphReducer
{
    readonly ZeroTPruneOptions options = method.Options;

    public GraphMap Reduce(GraphView view, int remove)
    {
        OnnxGraph graph = view.Graph;
        int candidates = SimilarityStageGraph.Candidates(options.Partition, view.Patches);
        int similar = Math.Min(remove, Math.Min(options.Similar, candidates)), unimportant = options.Iterations == 0 ? 0 : remove - similar;
        bool boost = options.ClassBoost && view.HasClassToken;
        var rank = new WeightedPageRankGraph(view);
        var heads = new HeadAggregationGraph(view, options.HeadMean, options.VarianceMinimum, options.VarianceMaximum);
        Value? present = null;

        // I': one vote; its ranking only guides the partition. S: the most similar of the less important half go.
        if (similar > 0)
        {
            Value guide = heads.Sums(rank.Vote(new(1, ClassBoost: boost), null, view.Count));
            present = SurvivorGraph.Present(view, new SimilarityStageGraph(view, options).Run(SurvivorGraph.PrefixFirst(view, guide), similar));
        }

        if (unimportant == 0)
            return SurvivorGraph.KeepOthers(view, present!, remove);

        // I: those that are left vote, and the least important of them go.
        VotesGraph votes = rank.Vote(new(options.Iterations, options.Epsilon, boost, options.Renormalise), present, view.Count - similar);
        return SurvivorGraph.KeepImportant(view, heads.Sums(votes), present, remove);
    }
}
