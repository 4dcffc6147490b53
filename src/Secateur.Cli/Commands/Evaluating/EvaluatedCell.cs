using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Sweeps;

namespace Secateur.Cli.Commands.Evaluating;

/// <summary>A cell and how it answered.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Summary">Against the dense network.</param>
internal sealed record EvaluatedCell(SweepCell Cell, AccuracySummary Summary);

/// <summary>All that was measured, for those who say it.</summary>
/// <param name="Manifest">What was measured.</param>
/// <param name="Dense">The dense network.</param>
/// <param name="Plans">The plans, in the order in which they were named.</param>
internal sealed record Evaluation(ResultsManifest Manifest, EvaluatedCell Dense, IReadOnlyList<EvaluatedCell> Plans)
{
    /// <summary>Multiply-adds of patch embedding and classifier, which papers leave out.</summary>
    public long OuterMacs => Manifest.DenseMacs.Total - Manifest.DenseMacs.Blocks;

    /// <summary>Pictures that ran in this process a second; null where all were there before.</summary>
    public double? ImagesPerSecond { get; init; }

    /// <summary>Whether it was stopped, so that the numbers are of a part of the pictures.</summary>
    public bool Partial { get; init; }

    /// <summary>How many regressions are shown.</summary>
    public int Top { get; init; }

    /// <summary>Whether accuracy is shown class by class.</summary>
    public bool PerClass { get; init; }

    /// <summary>A class for people.</summary>
    public string ClassName(int index) => index >= 0 && index < Manifest.Labels.Length ? Manifest.Labels[index] : $"class {index}";
}
