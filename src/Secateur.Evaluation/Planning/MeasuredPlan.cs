using Secateur.Evaluation.Timing;

namespace Secateur.Evaluation.Planning;

/// <summary>A finalist that was timed in turn with the dense network, and judged on pictures that the search never saw.</summary>
/// <param name="Candidate">The finalist.</param>
/// <param name="HeldOut">How well it answers on the pictures that were held out.</param>
/// <param name="Times">How fast it is.</param>
public sealed record MeasuredPlan(PlanCandidate Candidate, PlanQuality HeldOut, PlanTiming Times)
{
    /// <summary>Whether it is faster than the dense network by more than the noise.</summary>
    public bool Faster => Times.Faster;

    /// <summary>Its latency as a part of the dense network's, round by round.</summary>
    public double LatencyPart => 1 / Times.Speedup.Value;

    /// <summary>What counts on the Pareto front: latency, where a gain within the noise is none, and what is lost on the pictures that were held out.</summary>
    public double[] Losses => [Faster ? LatencyPart : Math.Max(1, LatencyPart), HeldOut.Drop];
}
