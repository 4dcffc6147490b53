using System.Collections.Immutable;
using Secateur.Compression.Structured;
using Secateur.Evaluation.Structured;
using Secateur.Models;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>All that is known at the end.</summary>
internal sealed record PruneResult
{
    /// <summary>The network before.</summary>
    public required Transformer Dense { get; init; }

    /// <summary>The network afterwards.</summary>
    public required Transformer Pruned { get; init; }

    /// <summary>What stayed.</summary>
    public required StructurePlan Plan { get; init; }

    /// <summary>Who scored, allocated and corrected: "magnitude, mask-search, none".</summary>
    public required string How { get; init; }

    /// <summary>What the network was looked at with.</summary>
    public required string Calibration { get; init; }

    /// <summary>What was to be reached: "0.6x of the multiply-adds".</summary>
    public required string Goal { get; init; }

    /// <summary>Seconds of each step.</summary>
    public ImmutableArray<(PruningStep Step, double Seconds)> Seconds { get; init; } = [];

    /// <summary>Parameters, multiply-adds, latency.</summary>
    public required PruningCheck Check { get; init; }

    /// <summary>Bytes of the weights before and afterwards; null where nothing was written.</summary>
    public (long Dense, long Pruned)? Bytes { get; init; }

    /// <summary>Answers, by the name of the data: that of the calibration, that of the check.</summary>
    public ImmutableArray<(string Data, NetworkComparison Answers)> Answers { get; init; } = [];

    /// <summary>Where it is; null where nothing was written.</summary>
    public string? Folder { get; init; }

    /// <summary>Threads of a run.</summary>
    public int Threads => Dense.Threads.Count;
}
