using System.Collections.Immutable;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Timing;
using static Secateur.Evaluation.Reports.ReportWords;

namespace Secateur.Evaluation.Reports;

/// <summary>What the results say, in a few sentences. A difference inside the noise is called none, and what is bad is said like what is good.</summary>
/// <remarks>Names of plans stand in backticks.</remarks>
public static class Findings
{
    const string Baseline = "random-drop";
    static readonly double[] Budgets = [0.7, 0.5];

    /// <summary>The sentences.</summary>
    /// <param name="report">The results.</param>
    /// <returns>At least one.</returns>
    public static ImmutableArray<string> Of(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var found = ImmutableArray.CreateBuilder<string>();
        if (report.Plans.IsEmpty)
            found.Add($"Only the dense network is measured{(report.Dense.Accuracy.Top1 is { } top1 ? $": {Percent(top1.Part)} of {Some(top1.Of, "answer")} are right ({Interval(top1.Interval)})" : "")}. There is nothing to compare it with yet.");
        double[] budgets = [.. report.Plans.Select(row => row.Cell.Budget).OfType<double>().Distinct()];
        foreach (double budget in Budgets.Select(wanted => budgets.Length == 0 ? wanted : budgets.MinBy(one => Math.Abs(one - wanted))).Distinct())
            if (report.Plans.Where(row => row.Cell.Budget == budget).ToArray() is { Length: > 0 } rows)
                found.Add(AtBudget(report, budget, rows));
        if (budgets.Length == 0)
            found.AddRange(report.Plans.Take(3).Select(row => $"{Name(row.Title)} executes {Whole(Math.Round(row.Accuracy.MacRatio, 3))} of the multiply-adds and {What(row)}."));
        if (Free(report) is { } free)
            found.Add(free);
        if (Speed(report) is { } speed)
            found.Add(speed);
        if (Worse(report) is { } worse)
            found.Add(worse);
        found.AddRange(Cautions.Of(report));
        return found.ToImmutable();
    }

    static string AtBudget(Report report, double budget, ReportRow[] rows)
    {
        ReportRow best = rows.OrderByDescending(row => row.Accuracy.Agreement.Part).First();
        string[] equal = [.. rows.Where(row => row.Series != best.Series && !Differ(best, row, report.Dense)).Select(row => Name(row.Series)).Distinct()];
        string others = equal.Length == 0
            ? rows.Any(row => row.Series != best.Series) ? "; no other method keeps as many" : ""
            : $"; {And(equal)} cannot be told from it on these pictures";
        return $"At {Whole(budget)} of the multiply-adds, {Name(best.Series)} {What(best)}{others}.";
    }

    /// <summary>"keeps 98.9% of the dense answers (...), loses 0.3 points of top-1 (...) and is 1.25× as fast (...)".</summary>
    static string What(ReportRow row)
    {
        List<string> parts = [$"keeps {Percent(row.Accuracy.Agreement.Part)} of the dense answers ({Interval(row.Accuracy.Agreement.Interval)})"];
        if (row.Accuracy.Lost is { } lost)
            parts.Add(!row.Accuracy.Differs
                ? $"shows no difference in top-1 beyond the noise ({Points(Turned(lost))} points)"
                : $"{(lost.Value > 0 ? "loses" : "gains")} {Math.Abs(lost.Value) * 100:0.0} points of top-1 ({Points(Turned(lost))})");
        if (row.Timing is { } timing)
            parts.Add(!timing.Differs ? $"shows no difference in speed beyond the noise ({Times(timing.Speedup)})" : $"is {Times(timing.Speedup.Value)} as fast ({Times(timing.Speedup)})");
        return And(parts);
    }

    /// <summary>How far down one can go without a loss that shows.</summary>
    static string? Free(Report report)
    {
        if (!report.Labelled || report.Plans.Length < 3)
            return null;
        ReportRow[] free = [.. report.Plans.Where(row => row.Accuracy.Lost is { Low: <= 0 })];
        return free.MinBy(row => row.Accuracy.MacRatio) is { } cheapest
            ? $"The cheapest plan without a loss of top-1 that shows on these {Count(cheapest.Accuracy.Images)} pictures is {Name(cheapest.Title)} ({Points(Turned(cheapest.Accuracy.Lost!.Value))} points)."
            : "Every plan loses top-1 beyond the noise.";
    }

    static string? Speed(Report report)
    {
        if (report.Plans.IsEmpty)
            return null;
        ReportRow[] timed = [.. report.Plans.Where(row => row.Timing is not null)];
        if (timed.Length == 0)
            return "Latency was not measured, so nothing here says how fast a plan is: fewer multiply-adds are a promise, not a time.";
        ReportRow[] slow = [.. timed.Where(row => row.Timing is { } timing && !(timing.Differs && timing.Speedup.Value > 1))];
        ReportRow fastest = timed.MaxBy(row => row.Timing!.Speedup.Value)!;
        if (slow.Length == timed.Length)
            return "No plan is faster than the dense network beyond the noise.";
        string first = timed.Length == 1 ? "" : $"The fastest plan is {Name(fastest.Title)}: {Times(fastest.Timing!.Speedup.Value)} ({Times(fastest.Timing.Speedup)}), with {Percent(fastest.Accuracy.Agreement.Part)} of the dense answers kept.";
        string second = slow.Length == 0
            ? ""
            : $" {And([.. slow.Take(4).Select(row => Name(row.Title))])}{(slow.Length > 4 ? $" and {Some(slow.Length - 4, "other plan")}" : "")} {(slow.Length == 1 ? "is" : "are")} no faster than dense beyond the noise.";
        return (first + second).Trim() is { Length: > 0 } words ? words : null;
    }

    /// <summary>Methods that do no better than leaving out at random.</summary>
    static string? Worse(Report report)
    {
        string[] worse = [.. report.Plans.Where(row => row.Series != Baseline && row.Cell.Budget is not null)
            .Where(row => report.Plans.FirstOrDefault(other => other.Series == Baseline && other.Cell.Budget == row.Cell.Budget) is { } random
                && (row.Accuracy.Agreement.Part <= random.Accuracy.Agreement.Part || !Differ(row, random, report.Dense)))
            .Select(row => Name(row.Title))];
        return worse.Length == 0
            ? report.Plans.Any(row => row.Series == Baseline) && report.Series.Length > 1 ? $"Every method keeps more answers than {Name(Baseline)} at the same multiply-adds." : null
            : $"{And([.. worse.Take(6)])}{(worse.Length > 6 ? $" and {Some(worse.Length - 6, "other plan")}" : "")} {(worse.Length == 1 ? "keeps" : "keep")} no more answers than {Name(Baseline)} does, beyond the noise.";
    }

    /// <summary>Whether two plans keep the dense answers on different numbers of the same pictures, beyond the noise.</summary>
    static bool Differ(ReportRow one, ReportRow other, ReportRow dense)
    {
        int first = 0, second = 0, all = 0;
        for (int i = 0; i < dense.Answers.Answers.Length; i++)
        {
            (PictureAnswer d, PictureAnswer a, PictureAnswer b) = (dense.Answers.Answers[i], one.Answers.Answers[i], other.Answers.Answers[i]);
            if (d.IsBad || a.IsBad || b.IsBad)
                continue;
            all++;
            (bool same, bool otherSame) = (a.Top[0] == d.Top[0], b.Top[0] == d.Top[0]);
            first += same && !otherSame ? 1 : 0;
            second += otherSame && !same ? 1 : 0;
        }

        return all > 0 && PairedDifference.Of(first, second, all) is var difference && (difference.Low > 0 || difference.High < 0);
    }

    /// <summary>From what is lost to how the accuracy changes.</summary>
    static Estimate Turned(Estimate lost) => new(-lost.Value, -lost.High, -lost.Low);

}
