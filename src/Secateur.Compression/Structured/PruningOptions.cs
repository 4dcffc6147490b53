using System.Collections.Immutable;

namespace Secateur.Compression.Structured;

/// <summary>How heads and neurons are chosen, and how many stay.</summary>
public sealed record PruningOptions
{
    /// <summary>Says how much each unit matters.</summary>
    public required IScorer Scorer { get; init; }

    /// <summary>Scores that are known already, so that the scorer need not run: of the same network and calibration.</summary>
    public UnitScores? Scores { get; init; }

    /// <summary>Says what stays.</summary>
    public IAllocator Allocator { get; init; } = new Allocate.MaskSearch();

    /// <summary>Makes up for what is removed.</summary>
    public ICorrector Corrector { get; init; } = new Correct.Uncorrected();

    /// <summary>What units cost; null for multiply-adds at the lengths of the calibration.</summary>
    public StructureCosts? Costs { get; init; }

    /// <summary>What the network may cost as a part of what it costs now, in (0, 1].</summary>
    public double Part { get; init; } = 0.6;

    /// <summary>What the network may cost, in the unit of the costs; null for <see cref="Part"/>.</summary>
    public double? Budget { get; init; }
}

/// <summary>The steps of pruning.</summary>
public enum PruningStep
{
    /// <summary>Heads and neurons are scored.</summary>
    Score,

    /// <summary>What is removed is made up for.</summary>
    Correct,
}

/// <summary>How far pruning is.</summary>
/// <param name="Step">What is done.</param>
/// <param name="Part">How much of it is done, in [0, 1].</param>
public readonly record struct PruningProgress(PruningStep Step, double Part);

/// <summary>A pruned network, and how it came to be.</summary>
/// <param name="Network">The smaller network.</param>
/// <param name="Plan">What stayed of the other.</param>
/// <param name="Scores">How much each unit of the other mattered.</param>
/// <param name="Costs">What each unit of the other cost.</param>
/// <param name="Seconds">How long each step took, in the order in which they were done.</param>
public sealed record PrunedNetwork(
    Models.Transformer Network, StructurePlan Plan, UnitScores Scores, StructureCosts Costs, ImmutableArray<(PruningStep Step, double Seconds)> Seconds)
{
    /// <summary>What the plan costs, in the unit of <see cref="Costs"/>.</summary>
    public double Cost => Costs.Of(Plan);
}
