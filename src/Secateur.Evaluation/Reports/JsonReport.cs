using System.Text.Json;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Timing;

namespace Secateur.Evaluation.Reports;

/// <summary>A report as one JSON object: what was measured, "findings" in words, and "rows" with numbers; docs/report.md describes every key.</summary>
public static class JsonReport
{
    const int MostRegressions = 100;

    /// <summary>Writes it.</summary>
    /// <param name="report">The results.</param>
    /// <param name="stream">Where it goes.</param>
    /// <param name="indented">On several lines, for people.</param>
    public static void Write(Report report, Stream stream, bool indented)
    {
        ArgumentNullException.ThrowIfNull(report);
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = indented });
        json.WriteStartObject();
        json.WriteString("format", "secateur-report");
        json.WriteNumber("version", 1);
        json.WriteString("tool", report.Manifest.Tool);
        json.WriteString("model", report.Manifest.Model);
        json.WriteString("architecture", report.Manifest.Architecture);
        json.WriteString("weights", report.Manifest.Weights);
        json.WriteString("data", report.Manifest.Data);
        json.WriteString("pictures", report.Manifest.Pictures);
        json.WriteString("pictures-hash", report.Manifest.PicturesHash);
        json.WriteString("preprocessing", report.Manifest.Preprocessing);
        json.WriteNumber("batch", report.Manifest.Batch);
        json.WriteStartArray("findings");
        foreach (string sentence in Findings.Of(report))
            json.WriteStringValue(sentence);
        json.WriteEndArray();
        json.WriteStartArray("missing");
        foreach (string name in report.Missing)
            json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteStartArray("rows");
        foreach (ReportRow row in report.Rows)
            Row(json, report, row);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Row(Utf8JsonWriter json, Report report, ReportRow row)
    {
        AccuracySummary accuracy = row.Accuracy;
        json.WriteStartObject();
        json.WriteString("name", row.Cell.Name);
        json.WriteString("title", row.Title);
        if (row.Cell.Method is { } method)
            json.WriteString("method", method);
        if (row.Cell.Budget is { } budget)
            json.WriteNumber("budget", budget);
        if (row.Cell.Seed is { } seed)
            json.WriteNumber("seed", seed);
        json.WriteNumber("images", accuracy.Images);
        json.WriteNumber("bad", accuracy.Bad);
        json.WriteNumber("macs", accuracy.Macs);
        json.WriteNumber("block-macs", row.BlockMacs);
        json.WriteNumber("selection-macs", accuracy.SelectionMacs);
        json.WriteNumber("mac-ratio", accuracy.MacRatio);
        Part(json, "top1", accuracy.Top1);
        Part(json, "top5", accuracy.Top5);
        if (!row.Cell.IsDense)
        {
            Estimated(json, "lost", accuracy.Lost);
            if (accuracy.McNemar is { } p)
                json.WriteNumber("mcnemar", p);
            Part(json, "agreement", accuracy.Agreement);
            Estimated(json, "kl", accuracy.Divergence);
            json.WriteStartArray("regressions");
            foreach (Regression one in accuracy.Regressions.Take(MostRegressions))
                Changed(json, report, one);
            json.WriteEndArray();
        }

        if (row.Timing is { } timing)
            Timed(json, timing);
        json.WriteEndObject();
    }

    static void Part(Utf8JsonWriter json, string name, Proportion? part)
    {
        if (part is not { } known)
            return;
        json.WriteStartObject(name);
        json.WriteNumber("count", known.Count);
        json.WriteNumber("of", known.Of);
        json.WriteNumber("value", known.Part);
        json.WriteNumber("low", known.Interval.Low);
        json.WriteNumber("high", known.Interval.High);
        json.WriteEndObject();
    }

    static void Estimated(Utf8JsonWriter json, string name, Estimate? estimate)
    {
        if (estimate is not { } known)
            return;
        json.WriteStartObject(name);
        json.WriteNumber("value", known.Value);
        json.WriteNumber("low", known.Low);
        json.WriteNumber("high", known.High);
        json.WriteEndObject();
    }

    static void Changed(Utf8JsonWriter json, Report report, Regression one)
    {
        json.WriteStartObject();
        json.WriteString("picture", one.Name);
        json.WriteNumber("index", one.Index);
        if (one.Label >= 0)
            json.WriteString("class", report.ClassName(one.Label));
        json.WriteString("dense", report.ClassName(one.Dense));
        json.WriteNumber("dense-probability", one.DenseProbability);
        json.WriteString("plan", report.ClassName(one.Plan));
        json.WriteNumber("plan-probability", one.PlanProbability);
        json.WriteEndObject();
    }

    static void Timed(Utf8JsonWriter json, PlanTiming timing)
    {
        json.WriteStartObject("timing");
        json.WriteString("device", timing.Device.Processor);
        json.WriteString("device-hash", timing.Device.Hash);
        json.WriteNumber("threads", timing.Threads);
        json.WriteNumber("batch", timing.Batch);
        json.WriteNumber("rounds", timing.Rounds);
        Percent("dense-ms", timing.Dense);
        Percent("plan-ms", timing.Plan);
        Estimated(json, "speedup", timing.Speedup);
        Estimated(json, "control", timing.Control);
        json.WriteBoolean("differs", timing.Differs);
        Stages("dense-stages-ms", timing.DenseStages);
        Stages("plan-stages-ms", timing.PlanStages);
        json.WriteEndObject();

        void Percent(string name, Percentiles times)
        {
            json.WriteStartObject(name);
            json.WriteNumber("p50", times.P50);
            json.WriteNumber("p95", times.P95);
            json.WriteNumber("p99", times.P99);
            json.WriteEndObject();
        }

        void Stages(string name, StageTimes times)
        {
            json.WriteStartObject(name);
            json.WriteNumber("embedding", times.Embedding);
            json.WriteNumber("attention", times.Attention);
            json.WriteNumber("mlp", times.Mlp);
            json.WriteNumber("selection", times.Selection);
            json.WriteNumber("head", times.Head);
            json.WriteEndObject();
        }
    }
}
