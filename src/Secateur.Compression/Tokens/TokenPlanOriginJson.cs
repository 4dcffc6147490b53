using System.Text.Json;
using System.Text.Json.Nodes;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>The key "origin" of a plan file; docs/formats/token-plan.md describes every key. Reading trusts nothing in it.</summary>
internal static class TokenPlanOriginJson
{
    const int WeightsDigits = 64;
    const int MostThreads = 1 << 16;
    const int MostImages = int.MaxValue;

    internal static JsonObject Write(TokenPlanOrigin origin)
    {
        var json = new JsonObject { ["tool"] = origin.Tool, ["seed"] = origin.Seed, ["architecture"] = origin.Architecture, ["weights"] = origin.Weights };
        if (origin.Macs is { } macs)
            json["macs"] = new JsonObject { ["plan"] = macs.Plan, ["dense"] = macs.Dense };
        if (origin.Latency is { } latency)
        {
            var own = new JsonObject { ["batch"] = latency.Batch, ["threads"] = latency.Threads, ["device"] = latency.Device, ["device-hash"] = latency.DeviceHash };
            Add(own, "predicted", latency.Predicted);
            Add(own, "measured", latency.Measured);
            Add(own, "dense", latency.Dense);
            json["latency"] = own;
        }

        if (origin.Quality is { } quality)
        {
            var own = new JsonObject { ["data"] = quality.Data, ["images"] = quality.Images, ["agreement"] = quality.Agreement };
            Add(own, "accuracy", quality.Accuracy);
            Add(own, "dense-accuracy", quality.DenseAccuracy);
            json["quality"] = own;
        }

        return json;
    }

    internal static TokenPlanOrigin Read(JsonElement json, string where)
    {
        PlanJson.OnlyKeys(json, where, "tool", "seed", "architecture", "weights", "macs", "latency", "quality");
        return new()
        {
            Tool = PlanJson.Text(Get(json, where, "tool"), $"{where}.tool"),
            Seed = PlanJson.Whole(Get(json, where, "seed"), $"{where}.seed", int.MinValue, int.MaxValue),
            Architecture = PlanJson.Text(Get(json, where, "architecture"), $"{where}.architecture"),
            Weights = Digits(Get(json, where, "weights"), $"{where}.weights", WeightsDigits, WeightsDigits),
            Macs = json.TryGetProperty("macs", out JsonElement macs) ? Macs(macs, $"{where}.macs") : null,
            Latency = json.TryGetProperty("latency", out JsonElement latency) ? Latency(latency, $"{where}.latency") : null,
            Quality = json.TryGetProperty("quality", out JsonElement quality) ? Quality(quality, $"{where}.quality") : null,
        };
    }

    static PlannedMacs Macs(JsonElement json, string where)
    {
        PlanJson.OnlyKeys(json, where, "plan", "dense");
        return new(Count("plan"), Count("dense"));

        long Count(string key) => Get(json, where, key) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long count) && count >= 0
            ? count
            : throw new TokenPlanException($"{where}.{key} is {PlanJson.Short(json.GetProperty(key))}; expected a number of multiply-adds.");
    }

    static PlannedLatency Latency(JsonElement json, string where)
    {
        PlanJson.OnlyKeys(json, where, "batch", "threads", "device", "device-hash", "predicted", "measured", "dense");
        return new(
            PlanJson.Whole(Get(json, where, "batch"), $"{where}.batch", 1, MostImages),
            PlanJson.Whole(Get(json, where, "threads"), $"{where}.threads", 1, MostThreads),
            PlanJson.Text(Get(json, where, "device"), $"{where}.device"),
            Digits(Get(json, where, "device-hash"), $"{where}.device-hash", 1, WeightsDigits))
        {
            Predicted = Number(json, where, "predicted", 1e12),
            Measured = Number(json, where, "measured", 1e12),
            Dense = Number(json, where, "dense", 1e12),
        };
    }

    static PlannedQuality Quality(JsonElement json, string where)
    {
        PlanJson.OnlyKeys(json, where, "data", "images", "agreement", "accuracy", "dense-accuracy");
        return new(
            PlanJson.Text(Get(json, where, "data"), $"{where}.data"),
            PlanJson.Whole(Get(json, where, "images"), $"{where}.images", 1, MostImages),
            Number(json, where, "agreement", 1) ?? throw Missing(where, "agreement"))
        {
            Accuracy = Number(json, where, "accuracy", 1),
            DenseAccuracy = Number(json, where, "dense-accuracy", 1),
        };
    }

    static JsonElement Get(JsonElement json, string where, string key) => json.TryGetProperty(key, out JsonElement value) ? value : throw Missing(where, key);

    static TokenPlanException Missing(string where, string key) => new($"{where} has no key '{key}'; without it the origin says nothing. Add it, or remove the whole origin.");

    static string Digits(JsonElement json, string where, int least, int most)
    {
        string text = PlanJson.Text(json, where);
        return text.Length >= least && text.Length <= most && text.All(char.IsAsciiHexDigitLower)
            ? text
            : throw new TokenPlanException($"{where} is {PlanJson.Short(json)}; expected {(least == most ? $"{most}" : $"{least} to {most}")} hexadecimal digits, lower case.");
    }

    static double? Number(JsonElement json, string where, string key, double most) =>
        !json.TryGetProperty(key, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= 0 && number <= most ? number
        : throw new TokenPlanException($"{where}.{key} is {PlanJson.Short(value)}; expected a number from 0 to {most}.");

    static void Add(JsonObject json, string key, double? value)
    {
        if (value is { } number)
            json[key] = number;
    }
}
