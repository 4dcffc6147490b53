using System.Collections.Immutable;
using System.Text.Json;

namespace Secateur.Evaluation.Profiling;

/// <summary>Reads the JSON of a profile, trusting nothing in it.</summary>
internal static class LatencyProfileReader
{
    internal static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    const int MostBatches = 64;
    const int MostBlocks = 10_000;
    internal const int MostTokens = 1 << 24;
    const int MostPoints = 1 << 16;
    internal const int MostSamples = 1 << 22;

    internal static LatencyProfile Read(JsonElement json, string where)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("format", out JsonElement format)
            || format.ValueKind != JsonValueKind.String || format.GetString() != LatencyProfileFile.Format)
            throw new LatencyProfileException($"{where} does not say \"format\": \"{LatencyProfileFile.Format}\"; is it another file?");
        if (!json.TryGetProperty("version", out JsonElement version) || version.ValueKind != JsonValueKind.Number
            || !version.TryGetInt32(out int number) || number is < LatencyProfileFile.OldestVersion or > LatencyProfileFile.Version)
            throw new LatencyProfileException($"{where} is not of version {LatencyProfileFile.OldestVersion} to {LatencyProfileFile.Version}, which this program reads; measure again.");
        ProfileJson.Keys(json, where, "format", "version", "tool", "runtime", "threads", "model", "device", "finished", "batches");
        JsonElement model = ProfileJson.Keys(json.GetProperty("model"), $"{where}: model", "architecture", "weights", "depth", "prefix", "patches");
        int depth = ProfileJson.Whole(model.GetProperty("depth"), $"{where}: model.depth", 1, MostBlocks);
        string hash = ProfileJson.Sha256(model.GetProperty("weights"), $"{where}: model.weights");
        ImmutableArray<BatchLatency> batches = [.. ProfileJson.List(json.GetProperty("batches"), $"{where}: batches", MostBatches).Select(entry => Batch(entry.Json, entry.Where, depth))];
        if (batches.DistinctBy(batch => batch.Batch).Count() != batches.Length)
            throw new LatencyProfileException($"{where}: batches holds a batch size twice.");
        bool finished = ProfileJson.Flag(json.GetProperty("finished"), $"{where}: finished");
        if (finished && (batches.IsEmpty || batches.Any(batch => batch.Points.IsEmpty)))
            throw new LatencyProfileException($"{where} says that it is finished, but holds no points; measure again.");
        return new()
        {
            Tool = ProfileJson.Text(json.GetProperty("tool"), $"{where}: tool"),
            Runtime = ProfileJson.Text(json.GetProperty("runtime"), $"{where}: runtime"),
            Threads = ProfileJson.Whole(json.GetProperty("threads"), $"{where}: threads", 1, DeviceJson.MostThreads),
            Architecture = ProfileJson.Text(model.GetProperty("architecture"), $"{where}: model.architecture"),
            WeightsHash = hash,
            Depth = depth,
            PrefixTokens = ProfileJson.Whole(model.GetProperty("prefix"), $"{where}: model.prefix", 0, MostTokens),
            Patches = ProfileJson.Whole(model.GetProperty("patches"), $"{where}: model.patches", 1, MostTokens),
            Device = DeviceJson.Read(json.GetProperty("device"), $"{where}: device"),
            Finished = finished,
            Batches = batches,
        };
    }

    static BatchLatency Batch(JsonElement json, string where, int depth)
    {
        ProfileJson.Keys(json, where, "batch", "token?", "dearest?", "steps", "points", "widths?", "samples?");
        int batch = ProfileJson.Whole(json.GetProperty("batch"), $"{where}.batch", 1, MostTokens);
        ImmutableArray<LatencyPoint> points = [.. ProfileJson.List(json.GetProperty("points"), $"{where}.points", MostPoints).Select(entry => Point(entry.Json, entry.Where, depth))];
        for (int i = 1; i < points.Length; i++)
            if (points[i].Tokens <= points[i - 1].Tokens || points[i].Blocks.IsEmpty != points[0].Blocks.IsEmpty)
                throw new LatencyProfileException($"{where}.points[{i}] must have more tokens than the one before it, and blocks if that has.");
        return new(batch, points)
        {
            TokenMilliseconds = json.TryGetProperty("token", out JsonElement token) ? ProfileJson.Milliseconds(token, $"{where}.token", -ProfileJson.MostMilliseconds) : null,
            Dearest = json.TryGetProperty("dearest", out JsonElement dearest) ? Dearest(dearest, $"{where}.dearest") : null,
            Steps = [.. ProfileJson.List(json.GetProperty("steps"), $"{where}.steps", MostPoints).Select(entry => Step(entry.Json, entry.Where))],
            Widths = json.TryGetProperty("widths", out JsonElement widths) ? WidthLatencyJson.Read(widths, $"{where}.widths", depth) : null,
            Samples = json.TryGetProperty("samples", out JsonElement samples)
                ? [.. ProfileJson.List(samples, $"{where}.samples", MostSamples).Select(entry => Sample(entry.Json, entry.Where, depth))]
                : [],
        };
    }

    static TokenCost Dearest(JsonElement json, string where)
    {
        ProfileJson.Keys(json, where, "tokens", "next", "milliseconds");
        (int tokens, int next) = Interval(json, where);
        return new(tokens, next, Signed(json, where, "milliseconds"));
    }

    static LatencyStep Step(JsonElement json, string where)
    {
        ProfileJson.Keys(json, where, "tokens", "next", "milliseconds", "trend", "noise");
        (int tokens, int next) = Interval(json, where);
        return new(tokens, next, Signed(json, where, "milliseconds"), Signed(json, where, "trend"), ProfileJson.Milliseconds(json.GetProperty("noise"), $"{where}.noise"));
    }

    static (int Tokens, int Next) Interval(JsonElement json, string where)
    {
        int tokens = ProfileJson.Whole(json.GetProperty("tokens"), $"{where}.tokens", 1, MostTokens - 1);
        return (tokens, ProfileJson.Whole(json.GetProperty("next"), $"{where}.next", tokens + 1, MostTokens));
    }

    static double Signed(JsonElement json, string where, string key) => ProfileJson.Milliseconds(json.GetProperty(key), $"{where}.{key}", -ProfileJson.MostMilliseconds);

    static LatencyPoint Point(JsonElement json, string where, int depth)
    {
        bool blocks = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("outside", out _);
        string[] whole = ["tokens", "median", "lower", "upper", "samples"];
        ProfileJson.Keys(json, where, blocks ? [.. whole, "outside", "attention", "mlp"] : whole);
        var point = new LatencyPoint(
            ProfileJson.Whole(json.GetProperty("tokens"), $"{where}.tokens", 1, MostTokens),
            new(Milliseconds("median"), Milliseconds("lower"), Milliseconds("upper")),
            ProfileJson.Whole(json.GetProperty("samples"), $"{where}.samples", 1, MostSamples));
        if (point.Milliseconds.Median == 0)
            throw new LatencyProfileException($"{where}.median is 0; no run takes no time. Measure again.");
        if (!(point.Milliseconds.Lower <= point.Milliseconds.Median && point.Milliseconds.Median <= point.Milliseconds.Upper))
            throw new LatencyProfileException($"{where} has its median outside its quartiles.");
        return blocks
            ? point with { Outside = Milliseconds("outside"), Blocks = [.. Parts("attention").Zip(Parts("mlp"), (attention, mlp) => new BlockLatency(attention, mlp))] }
            : point;

        double Milliseconds(string key) => ProfileJson.Milliseconds(json.GetProperty(key), $"{where}.{key}");

        double[] Parts(string key)
        {
            double[] parts = [.. ProfileJson.List(json.GetProperty(key), $"{where}.{key}", depth).Select(entry => ProfileJson.Milliseconds(entry.Json, entry.Where))];
            return parts.Length == depth ? parts : throw new LatencyProfileException($"{where}.{key} has {parts.Length} entries; the network has {depth} blocks.");
        }
    }

    static LatencySample Sample(JsonElement json, string where, int depth)
    {
        JsonElement[] values = [.. ProfileJson.List(json, where, 3 + (2 * depth)).Select(entry => entry.Json)];
        if (values.Length != 3 && values.Length != 3 + (2 * depth))
            throw new LatencyProfileException($"{where} has {values.Length} entries; expected round, tokens, milliseconds, and two more for each of {depth} blocks or for none.");
        if (ProfileJson.Milliseconds(values[2], where) == 0)
            throw new LatencyProfileException($"{where} took 0 milliseconds; no run takes no time. Measure again.");
        var blocks = new BlockLatency[values.Length == 3 ? 0 : depth];
        for (int i = 0; i < blocks.Length; i++)
            blocks[i] = new(ProfileJson.Milliseconds(values[3 + (2 * i)], where), ProfileJson.Milliseconds(values[4 + (2 * i)], where));
        return new(
            ProfileJson.Whole(values[0], where, 0, MostSamples),
            ProfileJson.Whole(values[1], where, 1, MostTokens),
            ProfileJson.Milliseconds(values[2], where),
            ImmutableArray.Create(blocks));
    }
}
