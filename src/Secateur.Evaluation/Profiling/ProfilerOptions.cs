using System.Collections.Immutable;

namespace Secateur.Evaluation.Profiling;

/// <summary>What is measured, and for how long.</summary>
public sealed record ProfilerOptions
{
    /// <summary>Pictures in a run; each size is measured on its own.</summary>
    public ImmutableArray<int> Batches { get; init; } = [1];

    /// <summary>Tokens from one count to the next; 1 measures every one. Null measures a coarse grid and then every count around what may be a step.</summary>
    public int? Stride { get; init; }

    /// <summary>The fewest tokens, those of the prefix included; null for one patch.</summary>
    public int? From { get; init; }

    /// <summary>The most tokens; null for all.</summary>
    public int? To { get; init; }

    /// <summary>Runs at each count, at most.</summary>
    public int Rounds { get; init; } = 30;

    /// <summary>Seconds of timed runs for all batch sizes together; null for as many as the rounds take. Each count runs once at least.</summary>
    public double? Seconds { get; init; }

    /// <summary>A count is known well enough when the standard error of its median is this part of it.</summary>
    public double Precision { get; init; } = 0.005;

    /// <summary>Runs at each count before its spread is believed.</summary>
    public int FewestRounds { get; init; } = 9;

    /// <summary>Seconds of runs that are not counted, for each batch size: code is compiled and caches are filled.</summary>
    public double WarmUp { get; init; } = 0.7;

    /// <summary>Draws the order of the counts in each round.</summary>
    public int Seed { get; init; }
}

/// <summary>How far a profile is.</summary>
/// <param name="Batch">The batch size at hand.</param>
/// <param name="Done">Runs that were timed since this measurement was begun or gone on with.</param>
/// <param name="Total">How many there will be, as far as it can be known.</param>
public readonly record struct ProfilerProgress(int Batch, int Done, int Total);
