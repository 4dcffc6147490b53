using Secateur.Evaluation.Profiling;

namespace Secateur.Evaluation.Timing;

/// <summary>How fast a network runs under a plan, timed in turn with the dense network.</summary>
public sealed record PlanTiming
{
    /// <summary>Where it was timed.</summary>
    public required DeviceFingerprint Device { get; init; }

    /// <summary>Threads of a run.</summary>
    public required int Threads { get; init; }

    /// <summary>Pictures of a run.</summary>
    public required int Batch { get; init; }

    /// <summary>How often each was timed, after warming up.</summary>
    public required int Rounds { get; init; }

    /// <summary>Milliseconds of a run of the dense network.</summary>
    public required Percentiles Dense { get; init; }

    /// <summary>Milliseconds of a run under the plan.</summary>
    public required Percentiles Plan { get; init; }

    /// <summary>The dense network's time over the plan's: above 1 where the plan is faster.</summary>
    public required Estimate Speedup { get; init; }

    /// <summary>The same ratio of the dense network with itself, in the same rounds: what this series finds where there is nothing to find.</summary>
    public required Estimate Control { get; init; }

    /// <summary>Whether the speedup lies beyond the series' own noise.</summary>
    public required bool Differs { get; init; }

    /// <summary>Where the dense network spends its time.</summary>
    public required StageTimes DenseStages { get; init; }

    /// <summary>Where a run under the plan spends its time.</summary>
    public required StageTimes PlanStages { get; init; }
}

/// <summary>Milliseconds that half, 95 and 99 of a hundred runs do not exceed.</summary>
public readonly record struct Percentiles(double P50, double P95, double P99);

/// <summary>A number, and the interval that holds it with 95% confidence.</summary>
public readonly record struct Estimate(double Value, double Low, double High);

/// <summary>Milliseconds of a run, part by part; medians.</summary>
/// <param name="Embedding">From pictures to tokens.</param>
/// <param name="Attention">All blocks' attention, with what it yields for methods.</param>
/// <param name="Mlp">All blocks' MLPs.</param>
/// <param name="Selection">Decisions, and applying them.</param>
/// <param name="Head">Final norm and classifier.</param>
public readonly record struct StageTimes(double Embedding, double Attention, double Mlp, double Selection, double Head);
