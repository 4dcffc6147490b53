using System.Collections.Immutable;
using Secateur.Evaluation.Timing;

namespace Secateur.Evaluation.Planning;

/// <summary>What a planner found.</summary>
/// <param name="Chosen">The plan to use; null to stay with the dense network.</param>
/// <param name="Reached">Whether the chosen plan reaches the goal, or the dense network does without any.</param>
/// <param name="Measured">Every plan that was timed.</param>
/// <param name="Beyond">Methods whose strongest plan costs more than the budget.</param>
public sealed record PlanAnswer(MeasuredPlan? Chosen, bool Reached, ImmutableArray<MeasuredPlan> Measured, ImmutableArray<string> Beyond)
{
    /// <summary>Milliseconds of the dense network, where it reaches the goal and no plan was looked for; null otherwise.</summary>
    public Percentiles? Dense { get; init; }

    /// <summary>Chooses: only a plan that is faster than the dense network by more than the noise is worth anything. Of those that reach
    /// the goal, the one that loses least on the pictures of the search (for a goal of loss: the fastest); where none does, the fastest.</summary>
    /// <param name="goal">The goal.</param>
    /// <param name="measured">The plans.</param>
    /// <param name="beyond">Methods whose strongest plan costs more than the budget.</param>
    /// <returns>The answer.</returns>
    public static PlanAnswer Of(PlanGoal goal, ImmutableArray<MeasuredPlan> measured, ImmutableArray<string> beyond)
    {
        MeasuredPlan[] faster = [.. measured.Where(plan => plan.Faster)], reach = [.. faster.Where(goal.Reached)];
        MeasuredPlan? chosen = goal.Kind == PlanGoalKind.Drop || reach.Length == 0
            ? (goal.Kind == PlanGoalKind.Drop ? reach : faster).MinBy(plan => plan.LatencyPart)
            : reach.OrderBy(plan => plan.Candidate.Quality.Drop).ThenBy(plan => plan.Candidate.Quality.Divergence).First();
        return new(chosen, reach.Length > 0, measured, beyond);
    }
}
