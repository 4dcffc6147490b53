using System.Text;
using System.Text.Json;
using Secateur.Evaluation.Profiling;
using Secateur.Models.Checkpoints;

namespace Secateur.Evaluation.Timing;

/// <summary>Timings of plans as JSON. docs/formats/timing.md describes every key.</summary>
public static class PlanTimingFile
{
    const string Format = "secateur-timing";
    const int Version = 1;
    const int MostBytes = 1 << 16;
    const int MostRounds = int.MaxValue;
    const int MostPictures = 1 << 24;

    /// <summary>A run that is a million times as fast as another is a mistake.</summary>
    const double MostRatio = 1e6;

    static readonly JsonDocumentOptions Strict = new() { MaxDepth = 3, AllowDuplicateProperties = false };

    /// <summary>Reads a timing from a file of at most 64 KB.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The timing.</returns>
    /// <exception cref="InvalidDataException">It is not a timing; the message says where.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static PlanTiming Load(string path)
    {
        using FileStream file = File.OpenRead(path);
        return file.Length <= MostBytes
            ? Parse(() => JsonDocument.Parse(file, Strict), path)
            : throw new InvalidDataException($"{path} has {file.Length} bytes; no timing has more than {MostBytes}. Is it another file?");
    }

    /// <summary>Writes a timing beside its target first, then renames it.</summary>
    /// <param name="timing">The timing.</param>
    /// <param name="path">Where it goes.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(PlanTiming timing, string path) => AtomicFile.Write(path, stream =>
    {
        stream.Write(Encoding.UTF8.GetBytes(Print(timing)));
        stream.WriteByte((byte)'\n');
    });

    /// <summary>Reads a timing.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="where">For errors: the file.</param>
    /// <returns>The timing.</returns>
    /// <exception cref="InvalidDataException">It is not a timing; the message says where.</exception>
    public static PlanTiming Parse(string json, string where = "timing")
    {
        ArgumentNullException.ThrowIfNull(json);
        return Parse(() => JsonDocument.Parse(json, Strict), where);
    }

    /// <summary>Writes a timing.</summary>
    /// <param name="timing">The timing.</param>
    /// <returns>Its text, indented.</returns>
    public static string Print(PlanTiming timing)
    {
        ArgumentNullException.ThrowIfNull(timing);
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
            PlanTimingJson.Write(json, timing, Format, Version);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    static PlanTiming Parse(Func<JsonDocument> parse, string where)
    {
        try
        {
            using JsonDocument document = parse();
            return Read(document.RootElement, where);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: text that is not Unicode
        {
            throw new InvalidDataException($"{where} is not JSON that can be read as a timing: {e.Message}", e);
        }
        catch (LatencyProfileException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    static PlanTiming Read(JsonElement json, string where)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("format", out JsonElement format) || format.ValueKind != JsonValueKind.String || format.GetString() != Format)
            throw new InvalidDataException($"{where} does not say \"format\": \"{Format}\"; is it another file?");
        if (!json.TryGetProperty("version", out JsonElement version) || version.ValueKind != JsonValueKind.Number || version.GetRawText() != "1")
            throw new InvalidDataException($"{where} is not of version {Version}, the only one that this program reads; measure again.");
        ProfileJson.Keys(json, where, "format", "version", "architecture", "weights", "name", "device", "threads", "batch", "rounds", "warm-up", "steady", "waited?", "dense", "plan", "speedup", "control", "differs", "dense-stages", "plan-stages");
        var timing = new PlanTiming
        {
            Architecture = ProfileJson.Text(json.GetProperty("architecture"), $"{where}: architecture"),
            Weights = ProfileJson.Sha256(json.GetProperty("weights"), $"{where}: weights"),
            Name = ProfileJson.Text(json.GetProperty("name"), $"{where}: name"),
            Device = DeviceJson.Read(json.GetProperty("device"), $"{where}: device"),
            Threads = ProfileJson.Whole(json.GetProperty("threads"), $"{where}: threads", 1, DeviceJson.MostThreads),
            Batch = ProfileJson.Whole(json.GetProperty("batch"), $"{where}: batch", 1, MostPictures),
            Rounds = ProfileJson.Whole(json.GetProperty("rounds"), $"{where}: rounds", 1, MostRounds),
            WarmUp = ProfileJson.Whole(json.GetProperty("warm-up"), $"{where}: warm-up", 0, MostRounds),
            Steady = ProfileJson.Flag(json.GetProperty("steady"), $"{where}: steady"),
            Waited = json.TryGetProperty("waited", out JsonElement waited) ? Number(waited, $"{where}: waited", 0, 1) : null,
            Dense = Percentiles("dense"),
            Plan = Percentiles("plan"),
            Speedup = Ratio("speedup"),
            Control = Ratio("control"),
            DenseStages = Stages("dense-stages"),
            PlanStages = Stages("plan-stages"),
        };
        return ProfileJson.Flag(json.GetProperty("differs"), $"{where}: differs") == timing.Differs
            ? timing
            : throw new InvalidDataException($"{where}: differs is not what rounds, speedup and control say; the file was changed, measure again.");

        Percentiles Percentiles(string key)
        {
            JsonElement own = ProfileJson.Keys(json.GetProperty(key), $"{where}: {key}", "p50", "p95", "p99");
            var read = new Percentiles(At(own, key, "p50"), At(own, key, "p95"), At(own, key, "p99"));
            return read.P50 > 0 && read.P50 <= read.P95 && read.P95 <= read.P99
                ? read
                : throw new InvalidDataException($"{where}: {key} has percentiles that do not rise from above 0; the file was changed, measure again.");
        }

        Estimate Ratio(string key)
        {
            JsonElement own = ProfileJson.Keys(json.GetProperty(key), $"{where}: {key}", "value", "low", "high");
            double Part(string name) => Number(own.GetProperty(name), $"{where}: {key}.{name}", 1 / MostRatio, MostRatio);
            var read = new Estimate(Part("value"), Part("low"), Part("high"));
            return read.Low <= read.High
                ? read
                : throw new InvalidDataException($"{where}: {key} has an interval that ends before it begins; the file was changed, measure again.");
        }

        StageTimes Stages(string key)
        {
            JsonElement own = ProfileJson.Keys(json.GetProperty(key), $"{where}: {key}", "embedding", "attention", "mlp", "selection", "head", "error");
            return new(At(own, key, "embedding"), At(own, key, "attention"), At(own, key, "mlp"), At(own, key, "selection"), At(own, key, "head"))
            {
                Error = Number(own.GetProperty("error"), $"{where}: {key}.error", 0, MostRatio),
            };
        }

        double At(JsonElement own, string key, string name) => ProfileJson.Milliseconds(own.GetProperty(name), $"{where}: {key}.{name}");
    }

    static double Number(JsonElement json, string where, double from, double to) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out double value) && value >= from && value <= to
            ? value
            : throw new InvalidDataException($"{where} is not a number from {from} to {to}; the file was changed, measure again.");
}
