using System.Collections.Immutable;
using Secateur.Evaluation.Timing;
using static Secateur.Evaluation.Reports.ReportWords;

namespace Secateur.Evaluation.Reports;

/// <summary>What keeps the results from being taken at their word: cells that are missing, times that are of other weights or of a machine that was not at rest.</summary>
public static class Cautions
{
    /// <summary>Waiting and noise below these parts are what a machine at rest shows too; the same as <c>secateur bench</c> takes.</summary>
    const double MostWaited = 0.05, MostNoise = 0.05;

    /// <summary>The sentences; they end the <see cref="Findings"/>.</summary>
    /// <param name="report">The results.</param>
    /// <returns>None where there is nothing to warn of.</returns>
    public static ImmutableArray<string> Of(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var found = ImmutableArray.CreateBuilder<string>();
        if (!report.Missing.IsEmpty)
            found.Add($"{Some(report.Missing.Length, "cell")} of {Some(report.Manifest.Cells.Length, "cell")} {(report.Missing.Length == 1 ? "is" : "are")} not measured yet; nothing here speaks of them.");
        if (!report.ForeignTimings.IsEmpty)
            found.Add($"The times of {Listed(report.ForeignTimings)} are of other weights than these results and are left out; time again.");
        PlanTiming[] timings = [.. report.Rows.Select(row => row.Timing).OfType<PlanTiming>()];
        if (timings.Where(timing => timing.Waited > MostWaited).ToArray() is { Length: > 0 } busy)
            found.Add($"The machine was busy while {Of(busy, timings)} timed: threads had to wait for a core up to {Percent(busy.Max(timing => timing.Waited!.Value))} of the time. Ratios bear that, times do not; time again on a quiet machine.");
        if (timings.Where(timing => timing.Noise > MostNoise).ToArray() is { Length: > 0 } noisy)
            found.Add($"The machine was noisy while {Of(noisy, timings)} timed: the dense network against itself differs by up to {Percent(noisy.Max(timing => timing.Noise))}, and smaller differences cannot be seen.");
        if (timings.Where(timing => !timing.Steady).ToArray() is { Length: > 0 } falling)
            found.Add($"Times were still falling after warming up while {Of(falling, timings)} timed; what was measured may be too slow.");
        return found.ToImmutable();
    }

    static string Of(PlanTiming[] some, PlanTiming[] all) => some.Length == all.Length
        ? all.Length == 1 ? "the plan was" : "every plan was"
        : $"{Some(some.Length, "plan")} of {all.Length} {(some.Length == 1 ? "was" : "were")}";

    static string Listed(ImmutableArray<string> names) => names.Length > 4
        ? Some(names.Length, "plan")
        : And([.. names.Select(Name)]);
}
