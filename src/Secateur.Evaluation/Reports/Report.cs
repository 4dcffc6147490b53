using System.Collections.Immutable;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Profiling;
using Secateur.Evaluation.Sweeps;
using Secateur.Evaluation.Timing;

namespace Secateur.Evaluation.Reports;

/// <summary>What a folder of results says, ready to be shown: nothing here depends on when, where or by whom it is read.</summary>
/// <param name="Manifest">What was measured.</param>
/// <param name="Pictures">Names and labels of all pictures.</param>
/// <param name="Rows">What was found, a row a cell in the order of the manifest; the dense network first.</param>
/// <param name="Missing">Names of cells that are not measured yet.</param>
public sealed record Report(ResultsManifest Manifest, ImmutableArray<PictureEntry> Pictures, ImmutableArray<ReportRow> Rows, ImmutableArray<string> Missing)
{
    /// <summary>The device's latency against tokens; null where it was not measured.</summary>
    public LatencyProfile? Profile { get; init; }

    /// <summary>Names of cells whose timing is left out, since it is of other weights than the results.</summary>
    public ImmutableArray<string> ForeignTimings { get; init; } = [];

    /// <summary>The dense network.</summary>
    public ReportRow Dense => Rows[0];

    /// <summary>All others.</summary>
    public ImmutableArray<ReportRow> Plans => Rows[1..];

    /// <summary>Whether accuracy is known, and not only agreement with the dense network.</summary>
    public bool Labelled => Dense.Accuracy.Top1 is not null;

    /// <summary>The timing whose dense run took the middle time: what is said of the dense network itself; null where no plan was timed.</summary>
    public PlanTiming? DenseTiming => Rows.Select(row => row.Timing).OfType<PlanTiming>().OrderBy(timing => timing.Dense.P50).ToArray() is { Length: > 0 } timings ? timings[timings.Length / 2] : null;

    /// <summary>Whether some plan was timed.</summary>
    public bool Timed => Rows.Any(row => row.Timing is not null);

    /// <summary>Methods, or plans where no method was named, in the order in which they appear.</summary>
    public ImmutableArray<string> Series => [.. Plans.Select(row => row.Series).Distinct()];

    /// <summary>One plan of each series, all about equally dear, to be looked at closely.</summary>
    /// <param name="most">At most so many.</param>
    public ImmutableArray<ReportRow> Showcase(int most)
    {
        const double about = 0.7;
        return [.. Plans.GroupBy(row => row.Series).Select(series => series.MinBy(row => (Math.Abs((row.Cell.Budget ?? row.Accuracy.MacRatio) - about), row.Cell.Seed))!).Take(most)];
    }

    /// <summary>The name of a class; its number where names are not known.</summary>
    public string ClassName(int index) => (uint)index < (uint)Manifest.Labels.Length ? Manifest.Labels[index] : $"class {index}";
}
