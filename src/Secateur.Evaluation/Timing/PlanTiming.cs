using Secateur.Evaluation.Profiling;

namespace Secateur.Evaluation.Timing;

/// <summary>How fast a network runs under a plan, timed in turn with the dense network.</summary>
public sealed record PlanTiming : SideBySide
{
    /// <summary>What the network calls itself.</summary>
    public required string Architecture { get; init; }

    /// <summary>The network's <see cref="Models.Checkpoints.WeightsHash"/>.</summary>
    public required string Weights { get; init; }

    /// <summary>The plan's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it was timed.</summary>
    public required DeviceFingerprint Device { get; init; }

    /// <summary>Threads of a run.</summary>
    public required int Threads { get; init; }

    /// <summary>Pictures of a run.</summary>
    public required int Batch { get; init; }

    /// <summary>Milliseconds of a run under the plan.</summary>
    public required Percentiles Plan { get; init; }

    /// <summary>Where the dense network spends its time; zeros where the runtime does not tell.</summary>
    public required StageTimes DenseStages { get; init; }

    /// <summary>Where a run under the plan spends its time; zeros where the runtime does not tell.</summary>
    public required StageTimes PlanStages { get; init; }
}
