using System.Globalization;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Sweeps;
using Secateur.Evaluation.Timing;

namespace Secateur.Evaluation.Reports;

/// <summary>What was found under one plan.</summary>
/// <param name="Cell">The plan.</param>
/// <param name="Answers">What was answered, picture by picture.</param>
/// <param name="Accuracy">How well.</param>
/// <param name="Timing">How fast; null where it was not timed.</param>
/// <param name="BlockMacs">Mean multiply-adds of a picture in the blocks alone, as most papers count.</param>
public sealed record ReportRow(SweepCell Cell, CellResult Answers, AccuracySummary Accuracy, PlanTiming? Timing, double BlockMacs)
{
    /// <summary>What rows of one method have in common: the method, or the plan's own name.</summary>
    public string Series => Cell.IsDense ? Cell.Name : Cell.Method ?? (Cell.Plan.Name.Length > 0 ? Cell.Plan.Name : Cell.Name);

    /// <summary>For people: "tome at 70%", "random-drop at 70%, seed 1", or the plan's name.</summary>
    public string Title => Series
        + (Cell.Budget is { } budget ? string.Create(CultureInfo.InvariantCulture, $" at {budget * 100:0.##}%") : "")
        + (SeedMatters && Cell.Seed is { } seed ? string.Create(CultureInfo.InvariantCulture, $", seed {seed}") : "");

    /// <summary>Whether the same plan was measured under several seeds, so that the seed is part of the title.</summary>
    public bool SeedMatters { get; init; }

    /// <summary>Time of a run over the dense network's; null where it was not timed.</summary>
    public Estimate? RelativeTime => Timing is { Speedup: { Low: > 0 } speedup } ? new(1 / speedup.Value, 1 / speedup.High, 1 / speedup.Low) : null;
}
