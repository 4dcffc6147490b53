using System.Text.Json;
using Secateur.Evaluation.Profiling;

namespace Secateur.Evaluation.Timing;

/// <summary>Writes a timing as a JSON object, for its file and for reports.</summary>
public static class PlanTimingJson
{
    /// <summary>Decimals that are written: 10 nanoseconds of a millisecond, and a ratio more exactly than it can be known.</summary>
    const int Decimals = 5;

    /// <summary>Writes it as an object: the keys of docs/formats/timing.md but for format and version.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="timing">The timing.</param>
    public static void Write(Utf8JsonWriter json, PlanTiming timing)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(timing);
        json.WriteStartObject();
        WriteKeys(json, timing);
        json.WriteEndObject();
    }

    internal static void Write(Utf8JsonWriter json, PlanTiming timing, string format, int version)
    {
        json.WriteStartObject();
        json.WriteString("format", format);
        json.WriteNumber("version", version);
        WriteKeys(json, timing);
        json.WriteEndObject();
    }

    static void WriteKeys(Utf8JsonWriter json, PlanTiming timing)
    {
        json.WriteString("architecture", Line(timing.Architecture));
        json.WriteString("weights", timing.Weights);
        json.WriteString("name", Line(timing.Name));
        DeviceJson.Write(json, timing.Device);
        json.WriteNumber("threads", timing.Threads);
        json.WriteNumber("batch", timing.Batch);
        json.WriteNumber("rounds", timing.Rounds);
        json.WriteNumber("warm-up", timing.WarmUp);
        json.WriteBoolean("steady", timing.Steady);
        if (timing.Waited is { } waited)
            Number("waited", waited);
        Percentiles("dense", timing.Dense);
        Percentiles("plan", timing.Plan);

        // What is read back must say the same as what is written, so that nothing is rounded that a comparison depends on.
        Ratio("speedup", timing.Speedup);
        Ratio("control", timing.Control);
        json.WriteBoolean("differs", timing.Differs);
        Stages("dense-stages", timing.DenseStages);
        Stages("plan-stages", timing.PlanStages);

        void Number(string name, double value) => json.WriteNumber(name, Math.Round(value, Decimals));

        void Percentiles(string name, Percentiles times)
        {
            json.WriteStartObject(name);
            Number("p50", times.P50);
            Number("p95", times.P95);
            Number("p99", times.P99);
            json.WriteEndObject();
        }

        void Ratio(string name, Estimate ratio)
        {
            json.WriteStartObject(name);
            json.WriteNumber("value", ratio.Value);
            json.WriteNumber("low", ratio.Low);
            json.WriteNumber("high", ratio.High);
            json.WriteEndObject();
        }

        void Stages(string name, StageTimes stages)
        {
            json.WriteStartObject(name);
            Number("embedding", stages.Embedding);
            Number("attention", stages.Attention);
            Number("mlp", stages.Mlp);
            Number("selection", stages.Selection);
            Number("head", stages.Head);
            Number("error", stages.Error);
            json.WriteEndObject();
        }
    }

    // As long as it is read back, and on one line.
    static string Line(string text) => string.Concat(text.Take(ProfileJson.MostCharacters).Select(c => char.IsControl(c) ? ' ' : c));
}
