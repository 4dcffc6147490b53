namespace Secateur.Evaluation.Planning;

/// <summary>What a planner is asked for.</summary>
public enum PlanGoalKind
{
    /// <summary>At most this part of the dense network's multiply-adds.</summary>
    MacsPart,

    /// <summary>At most this part of the dense network's latency.</summary>
    LatencyPart,

    /// <summary>At most this latency of a run, milliseconds.</summary>
    LatencyMilliseconds,

    /// <summary>The fastest plan that loses at most this part of the answers.</summary>
    Drop,
}

/// <summary>A goal.</summary>
/// <param name="Kind">Of what.</param>
/// <param name="Value">How much.</param>
public readonly record struct PlanGoal(PlanGoalKind Kind, double Value)
{
    /// <summary>Whether it is a goal for the latency that will be measured.</summary>
    public bool IsLatency => Kind is PlanGoalKind.LatencyPart or PlanGoalKind.LatencyMilliseconds;

    /// <summary>Whether what was measured reaches it. Multiply-adds were met by counting before anything was measured.</summary>
    /// <param name="plan">A measured plan.</param>
    /// <returns>True where it does.</returns>
    public bool Reached(MeasuredPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Kind switch
        {
            PlanGoalKind.LatencyPart => plan.LatencyPart <= Value,
            PlanGoalKind.LatencyMilliseconds => plan.Times.Plan.P50 <= Value,
            PlanGoalKind.Drop => plan.Candidate.Quality.Drop <= Value && plan.HeldOut.Drop <= Value,
            _ => true,
        };
    }
}
