using Secateur.Evaluation.Reports;
using Secateur.Evaluation.Reports.Html;
using Secateur.Evaluation.Sweeps;
using Secateur.Evaluation.Timing;

namespace Secateur.Tests.Reports;

public sealed class CautionsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Where_all_is_well_there_is_none() => Assert.Empty(Cautions.Of(SomeResults.Read(folder.Path)));

    [Fact]
    public void A_busy_machine_a_noisy_one_and_one_that_was_not_warm_are_each_told()
    {
        ResultsFolder results = SomeResults.Write(folder.Path);
        Change(results, "tome-40", timing => timing with { Waited = 0.125 });
        Change(results, "tome-100", timing => timing with { Waited = 0.25, Control = new(1, 0.9, 1.02) });
        Change(results, "random-drop-40", timing => timing with { Waited = 0.05, Steady = false });
        Report report = ReportReader.Load(results);
        string[] cautions = [.. Cautions.Of(report)];
        Assert.Equal(3, cautions.Length);
        Assert.Equal("The machine was busy while 2 plans of 6 were timed: threads had to wait for a core up to 25.0% of the time. Ratios bear that, times do not; time again on a quiet machine.", cautions[0]);
        Assert.Equal("The machine was noisy while 1 plan of 6 was timed: the dense network against itself differs by up to 10.0%, and smaller differences cannot be seen.", cautions[1]);
        Assert.Equal("Times were still falling after warming up while 1 plan of 6 was timed; what was measured may be too slow.", cautions[2]);
        Assert.Equal(cautions, Findings.Of(report).TakeLast(3));
        Assert.Equal(3, HtmlReport.Write(report, null).Split("<li class=\"caution\">").Length - 1);
        Assert.Contains("- The machine was busy while", MarkdownReport.Write(report));
    }

    [Fact]
    public void Times_of_other_weights_are_left_out_and_named()
    {
        ResultsFolder results = SomeResults.Write(folder.Path);
        Change(results, "tome-40", timing => timing with { Weights = new('a', 64) });
        Report report = ReportReader.Load(results);
        Assert.Null(report.Plans[0].Timing);
        Assert.NotNull(report.Plans[1].Timing);
        Assert.Equal("The times of `tome-40` are of other weights than these results and are left out; time again.", Assert.Single(Cautions.Of(report)));
    }

    static void Change(ResultsFolder results, string cell, Func<PlanTiming, PlanTiming> change) =>
        PlanTimingFile.Save(change(PlanTimingFile.Load(results.Latency(cell))), results.Latency(cell));
}
