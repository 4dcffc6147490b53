using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>Compositions worth a name.</summary>
internal static class CompositionPlans
{
    /// <summary>Where and how much Zero-TPrune removes, but what goes merges as in ToMe with what is more important.</summary>
    internal static TokenPlan ZeroTPruneAndToMe(int depth, int patches) => Like(ZeroTPrunePlans.Default("", depth, patches), "zero-tprune-importance-tome-merge", patches);

    /// <summary>One cut at a quarter of the depth, as for the tail effect, ranked by Zero-TPrune's importance; what goes becomes one token.</summary>
    internal static TokenPlan CutByZeroTPrune(int depth, int patches, int remove = 69) => new(
        "tail-effect-cut-zero-tprune-ranking",
        [
            new(depth / 4, TokenPosition.AfterAttention, new Composition(new() { Score = CompositionScore.ZeroTprune, Rule = CompositionRule.Fuse, ProportionalAttention = false }))
            {
                Remove = (int)Math.Round(remove * patches / 196.0),
            },
        ]);

    /// <summary>At the places of the first of these, the same rate at each; from nothing to half of what is left.</summary>
    internal static TokenPlan Family(int depth, int patches, double strength) => new("composition",
        [.. Like(ZeroTPrunePlans.Default("", depth, patches), "", patches).Stages.Select(stage => stage with { Remove = null, Keep = 1 - (strength / 2) })]);

    // What is beyond half of the tokens at one place is left to the next.
    static TokenPlan Like(TokenPlan plan, string name, int patches)
    {
        int wanted = patches, left = patches;
        var stages = new List<TokenStage>();
        foreach (TokenStage stage in plan.Stages)
        {
            wanted -= stage.CountToRemove(wanted);
            var reducer = new Composition(new() { Votes = Math.Max(1, ((ZeroTPrune)stage.Reducer).Options.Iterations) });
            int go = Math.Min(left - wanted, reducer.MostToRemove(left));
            left -= go;
            stages.Add(new(stage.Block, stage.Position, reducer) { Remove = go });
        }

        return new(name, [.. stages]);
    }
}
