using System.Globalization;
using System.Text;

namespace Secateur.Evaluation.Reports;

/// <summary>A report as CSV (RFC 4180), a line a plan. Columns that timm's tables of results and benchmarks have are named and scaled as there:
/// percent, millions of parameters, milliseconds of a run, pictures a second, billions of multiply-adds.</summary>
public static class CsvReport
{
    /// <summary>Writes it.</summary>
    /// <param name="report">The results.</param>
    /// <param name="parameters">Parameters of the network; null where it is not at hand, and the column stays empty.</param>
    /// <returns>The text of the file.</returns>
    public static string Write(Report report, long? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        (string Name, Func<ReportRow, string?> Value)[] columns = Columns(report, parameters);
        text.AppendJoin(',', columns.Select(column => column.Name)).Append("\r\n");
        foreach (ReportRow row in report.Rows)
            text.AppendJoin(',', columns.Select(column => Quoted(column.Value(row) ?? ""))).Append("\r\n");
        return text.ToString();
    }

    static (string, Func<ReportRow, string?>)[] Columns(Report report, long? parameters)
    {
        (int? size, double? crop, string? filter) = PreprocessingLine.Table(report.Manifest.Preprocessing);
        double? batch = report.DenseTiming?.Batch;
        return
        [
            ("model", _ => report.Manifest.Architecture),
            ("plan", row => row.Cell.Name),
            ("method", row => row.Cell.Method),
            ("budget", row => N(row.Cell.Budget)),
            ("seed", row => N(row.Cell.Seed)),
            ("top1", row => Hundred(row.Accuracy.Top1?.Part)),
            ("top1_err", row => Hundred(1 - row.Accuracy.Top1?.Part)),
            ("top5", row => Hundred(row.Accuracy.Top5?.Part)),
            ("top5_err", row => Hundred(1 - row.Accuracy.Top5?.Part)),
            ("param_count", _ => N(parameters / 1e6, 2)),
            ("img_size", _ => N(size)),
            ("crop_pct", _ => N(crop)),
            ("interpolation", _ => filter),
            ("images", row => N(row.Accuracy.Images)),
            ("bad", row => N(row.Accuracy.Bad)),
            ("top1_lost", row => Hundred(row.Accuracy.Lost?.Value)),
            ("top1_lost_low", row => Hundred(row.Accuracy.Lost?.Low)),
            ("top1_lost_high", row => Hundred(row.Accuracy.Lost?.High)),
            ("agreement", row => Hundred(row.Accuracy.Agreement.Part)),
            ("agreement_low", row => Hundred(row.Accuracy.Agreement.Interval.Low)),
            ("agreement_high", row => Hundred(row.Accuracy.Agreement.Interval.High)),
            ("kl", row => N(row.Accuracy.Divergence.Value, 6)),
            ("infer_gmacs", row => N(row.Accuracy.Macs / 1e9, 4)),
            ("block_gmacs", row => N(row.BlockMacs / 1e9, 4)),
            ("selection_gmacs", row => N(row.Accuracy.SelectionMacs / 1e9, 4)),
            ("mac_ratio", row => N(row.Accuracy.MacRatio, 4)),
            ("infer_samples_per_sec", row => N(Step(row) is { } step ? batch * 1000 / step : null, 2)),
            ("infer_step_time", row => N(Step(row), 3)),
            ("infer_batch_size", row => N(Step(row) is null ? null : batch)),
            ("infer_img_size", row => Step(row) is null ? null : N(size)),
            ("dense_step_time", row => N(row.Timing?.Dense.P50, 3)),
            ("speedup", row => N(row.Timing?.Speedup.Value, 4)),
            ("speedup_low", row => N(row.Timing?.Speedup.Low, 4)),
            ("speedup_high", row => N(row.Timing?.Speedup.High, 4)),
            ("speedup_differs", row => row.Timing is { } timing ? timing.Differs ? "true" : "false" : null),
        ];

        double? Step(ReportRow row) => row.Cell.IsDense ? report.DenseTiming?.Dense.P50 : row.Timing?.Plan.P50;
    }

    static string? Hundred(double? part) => N(part * 100, 3);

    static string? N(double? number, int decimals = 6) => number is { } value ? Math.Round(value, decimals).ToString(CultureInfo.InvariantCulture) : null;

    static string Quoted(string value) => value.AsSpan().ContainsAny(",\"\r\n") ? $"\"{value.Replace("\"", "\"\"")}\"" : value;
}
