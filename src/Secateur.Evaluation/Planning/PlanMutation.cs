using System.Collections.Immutable;
using Secateur.Models.Tokens;

namespace Secateur.Evaluation.Planning;

/// <summary>A plan's neighbours: a stage moves by a block, or some of its tokens go at another stage instead. What that costs is brought
/// back to the budget afterwards.</summary>
internal static class PlanMutation
{
    /// <summary>Draws a neighbour.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="depth">Blocks of the network.</param>
    /// <param name="patches">Patches that enter the first.</param>
    /// <param name="random">Draws it.</param>
    /// <returns>The family of the neighbour's places and counts; null where the plan has no neighbour.</returns>
    internal static PlanFamily? Draw(TokenPlan plan, int depth, int patches, Random random)
    {
        ImmutableArray<TokenStage> stages = plan.Stages;
        (int Stage, int Block)[] moves = [.. Enumerable.Range(0, stages.Length).SelectMany(i => (IEnumerable<(int, int)>)[(i, stages[i].Block - 1), (i, stages[i].Block + 1)])
            .Where(move => Free(stages, depth, move.Item1, move.Item2))];
        int[] counts = StageCounts.Of(plan, patches);
        int[] givers = [.. Enumerable.Range(0, stages.Length).Where(i => counts[i] > 0)];
        bool shifts = stages.Length > 1 && givers.Length > 0;
        if (shifts && (moves.Length == 0 || random.Next(2) == 0))
        {
            int from = givers[random.Next(givers.Length)], to = random.Next(stages.Length - 1);
            to += to >= from ? 1 : 0;
            int tokens = Math.Max(1, (int)Math.Round(counts[from] * (0.1 + (0.4 * random.NextDouble()))));
            counts[from] -= tokens;
            counts[to] += tokens;
            TokenPlan shifted = plan with { Stages = [.. stages.Select((stage, i) => stage with { Keep = null, Remove = counts[i] })] };
            return StageCounts.Family($"{tokens} tokens from block {stages[from].Block} to block {stages[to].Block}", shifted, patches);
        }

        if (moves.Length == 0)
            return null;
        (int moved, int block) = moves[random.Next(moves.Length)];
        TokenPlan neighbour = plan with { Stages = stages.SetItem(moved, stages[moved] with { Keep = null, Remove = counts[moved], Block = block }) };
        return StageCounts.Family($"stage moved from block {stages[moved].Block} to block {block}", neighbour, patches);
    }

    /// <summary>Whether a stage may stand at a block: inside the network, before there is nothing left to save, and alone between its neighbours.</summary>
    static bool Free(ImmutableArray<TokenStage> stages, int depth, int stage, int block) =>
        block >= 0
        && block < (stages[stage].Position == TokenPosition.AfterBlock ? depth - 1 : depth)
        && (stage == 0 || stages[stage - 1].Block < block)
        && (stage == stages.Length - 1 || stages[stage + 1].Block > block);
}
