using System.Collections.Immutable;
using System.Globalization;
using Secateur.Evaluation.Sweeps;

namespace Secateur.Evaluation.Reports;

/// <summary>Command lines that measure the same again, in folders of their own, as a shell takes them.</summary>
public static class ReportCommands
{
    /// <summary>The lines.</summary>
    /// <param name="report">The results; RESULTS stands for their folder, AGAIN for a new one.</param>
    /// <returns>A sweep for plans that were brought to budgets, an evaluation for plans that were given, and a report.</returns>
    public static ImmutableArray<string> Of(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        SweepCell[] plans = [.. report.Plans.Select(row => row.Cell)];
        SweepCell[] swept = [.. plans.Where(Swept)], given = [.. plans.Where(cell => !Swept(cell))];
        string common = Common(report.Manifest);
        var lines = ImmutableArray.CreateBuilder<string>();
        if (swept.Length > 0)
            lines.Add($"secateur sweep {common} --methods {List(swept.Select(cell => cell.Method))} --budgets {List(swept.Select(cell => cell.Budget?.ToString("0.######", CultureInfo.InvariantCulture)))}{Seeds(swept)}{(report.Timed ? " --latency" : "")} -o AGAIN");
        if (given.Length > 0 || swept.Length == 0)
            lines.Add($"secateur eval {common}{string.Concat(given.Select(cell => $" --plan RESULTS/plans/{cell.Name}.json"))} -o AGAIN");
        lines.Add("secateur report AGAIN");
        return lines.ToImmutable();
    }

    static bool Swept(SweepCell cell) => cell is { Method: not null, Budget: not null };

    static string Common(ResultsManifest manifest) =>
        $"{Quoted(manifest.Model)} --data {Quoted(manifest.Data)}{string.Concat(manifest.DataOptions.Select(word => $" {Quoted(word)}"))} --batch {manifest.Batch}";

    static string Seeds(SweepCell[] cells) => cells.Any(cell => cell.Seed is not null) ? $" --seeds {List(cells.Select(cell => cell.Seed?.ToString(CultureInfo.InvariantCulture)))}" : "";

    static string List(IEnumerable<string?> words) => Quoted(string.Join(',', words.OfType<string>().Distinct()));

    /// <summary>As a shell takes it for one word.</summary>
    static string Quoted(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,@".Contains(c)) ? word : $"'{word.Replace("'", @"'\''")}'";
}
