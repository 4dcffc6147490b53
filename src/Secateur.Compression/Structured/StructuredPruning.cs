using System.Diagnostics;

namespace Secateur.Compression.Structured;

/// <summary>Takes heads and neurons out of a transformer without training it again: score, choose within a budget, make up for the rest, cut.</summary>
public static class StructuredPruning
{
    /// <summary>Prunes a network.</summary>
    /// <param name="calibration">The network, which stays as it is, and what it is looked at with.</param>
    /// <param name="options">How, and how much.</param>
    /// <param name="progress">Told how far it is; default: nobody.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>A network whose heads and neurons cost no more than the budget, and what was found on the way. Deterministic.</returns>
    /// <exception cref="ArgumentException">Not even a network without heads and neurons fits into the budget.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static PrunedNetwork Prune(
        Calibration calibration, PruningOptions options, IProgress<PruningProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        ArgumentNullException.ThrowIfNull(options);

        // 1. What each unit costs, and what may be spent.
        StructureCosts costs = options.Costs ?? StructureCosts.Macs(calibration.Network, calibration.Lengths, calibration.Lengths.Average(tokens => (double)calibration.Network.OutsideMacsOf(tokens)));
        double budget = options.Budget ?? (costs.Whole * options.Part);

        // 2. How much each matters.
        long start = Stopwatch.GetTimestamp();
        UnitScores scores = options.Scores ?? options.Scorer.Score(calibration, Of(progress, PruningStep.Score), cancellation);
        double scoring = Stopwatch.GetElapsedTime(start).TotalSeconds;

        // 3. What stays.
        StructurePlan plan = options.Allocator.Allocate(scores, costs, budget);

        // 4. What makes up for the rest.
        start = Stopwatch.GetTimestamp();
        plan = options.Corrector.Correct(plan, calibration, Of(progress, PruningStep.Correct), cancellation);
        double correcting = Stopwatch.GetElapsedTime(start).TotalSeconds;

        // 5. The cut.
        cancellation.ThrowIfCancellationRequested();
        return new(Surgeon.Apply(calibration.Network, plan), plan, scores, costs, [(PruningStep.Score, scoring), (PruningStep.Correct, correcting)]);
    }

    static StepProgress? Of(IProgress<PruningProgress>? progress, PruningStep step) => progress is null ? null : new(progress, step);

    sealed class StepProgress(IProgress<PruningProgress> progress, PruningStep step) : IProgress<double>
    {
        public void Report(double value) => progress.Report(new(step, value));
    }
}
