using System.Collections.Immutable;
using Secateur.Models.Tokens;

namespace Secateur.Evaluation.Planning;

/// <summary>A plan as places and counts: how many tokens go at each stage, whoever decides which.</summary>
internal static class StageCounts
{
    /// <summary>How many patches go at each stage; of an adaptive plan, the most that may.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="patches">Patches that enter the first block.</param>
    /// <returns>[stages].</returns>
    internal static int[] Of(TokenPlan plan, int patches)
    {
        var counts = new int[plan.Stages.Length];
        for (int i = 0; i < counts.Length; i++)
            patches -= counts[i] = plan.Stages[i].CountToRemove(patches);
        return counts;
    }

    /// <summary>The same stages with other counts. Where none goes, only a method that remembers stays.</summary>
    internal static TokenPlan With(TokenPlan plan, ReadOnlySpan<int> counts)
    {
        var stages = ImmutableArray.CreateBuilder<TokenStage>();
        for (int i = 0; i < counts.Length; i++)
            if (counts[i] > 0 || plan.Stages[i].Reducer.Remembers)
                stages.Add(plan.Stages[i] with { Keep = null, Remove = counts[i] });
        return plan with { Stages = stages.ToImmutable() };
    }

    /// <summary>The family of a plan's places: all counts grow in proportion, up to where all tokens go.</summary>
    internal static PlanFamily Family(string made, TokenPlan plan, int patches)
    {
        int[] counts = Of(plan, patches);
        double most = patches / (double)Math.Max(1, counts.Sum());
        return new(made, 2 * most, factor => With(plan, [.. counts.Select(count => (int)Math.Round(count * factor))]));
    }
}
