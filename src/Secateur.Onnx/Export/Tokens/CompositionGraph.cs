using Secateur.Compression.Tokens;
using Secateur.Onnx.Export.Tokens.Rules;
using Secateur.Onnx.Export.Tokens.Scores;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>Any score with any rule.</summary>
internal sealed class CompositionGraph(Composition method) : IGraphReducer
{
    readonly IGraphScore score = method.Options.Score switch
    {
        CompositionScore.ZeroTprune => new ZeroTPruneScoreGraph(method.Options.Votes),
        CompositionScore.ZeroTpruneEarly => new ZeroTPruneEarlyScoreGraph(method.Options.Votes),
        CompositionScore.ClassAttention => ClassAttentionScoreGraph.Instance,
        CompositionScore.Received => ReceivedAttentionScoreGraph.Instance,
        CompositionScore.TailEffect => new TailEffectScoreGraph(),
        CompositionScore.Significance => new SignificanceScoreGraph(),
        CompositionScore.Centre => new CentreScoreGraph(),
        _ => new RandomScoreGraph(method.Options.Seed),
    };

    readonly IGraphRule rule = method.Options.Rule switch
    {
        CompositionRule.Drop => new DropRuleGraph(),
        CompositionRule.DropSimilar => new SimilarRuleGraph(),
        CompositionRule.Fuse => new FuseRuleGraph(method.Options.Fuse),
        CompositionRule.Merge => new MergeRuleGraph(),
        _ => new MatchRuleGraph(),
    };

    public GraphMap? Reduce(GraphView view, int remove)
    {
        remove = Math.Min(remove, method.MostToRemove(view.Patches));
        return remove == 0 ? null : rule.Decide(view, score.Score(view), remove);
    }
}
