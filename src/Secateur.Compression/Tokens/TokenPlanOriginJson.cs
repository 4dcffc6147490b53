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
            Tool = PlanJson.Text(PlanJson.Get(json, where, "tool"), $"{where}.tool"),
            Seed = PlanJson.Whole(PlanJson.Get(json, where, "seed"), $"{where}.seed", int.MinValue, int.MaxValue),
            Architecture = PlanJson.Text(PlanJson.Get(json, where, "architecture"), $"{where}.architecture"),
            Weights = PlanJson.Digits(PlanJson.Get(json, where, "weights"), $"{where}.weights", WeightsDigits, WeightsDigits),
            Macs = json.TryGetProperty("macs", out JsonElement macs) ? Macs(macs, $"{where}.macs") : null,
            Latency = json.TryGetProperty("latency", out JsonElement latency) ? Latency(latency, $"{where}.latency") : null,
            Quality = json.TryGetProperty("quality", out JsonElement quality) ? Quality(quality, $"{where}.quality") : null,
        };
    }

    static PlannedMacs Macs(JsonElement json, string where)
    {
        PlanJson.OnlyKeys(json, where, "plan", "dense");
        return new(PlanJson.Count(json, where, "plan"), PlanJson.Count(json, where, "dense"));
    }

    static PlannedLatency Latency(JsonElement json, string where)
    {
        PlanJson.OnlyKeys(json, where, "batch", "threads", "device", "device-hash", "predicted", "measured", "dense");
        return new(
            PlanJson.Whole(PlanJson.Get(json, where, "batch"), $"{where}.batch", 1, MostImages),
            PlanJson.Whole(PlanJson.Get(json, where, "threads"), $"{where}.threads", 1, MostThreads),
            PlanJson.Text(PlanJson.Get(json, where, "device"), $"{where}.device"),
            PlanJson.Digits(PlanJson.Get(json, where, "device-hash"), $"{where}.device-hash", 1, WeightsDigits))
        {
            Predicted = PlanJson.Number(json, where, "predicted", 1e12),
            Measured = PlanJson.Number(json, where, "measured", 1e12),
            Dense = PlanJson.Number(json, where, "dense", 1e12),
        };
    }

    static PlannedQuality Quality(JsonElement json, string where)
    {
        PlanJson.OnlyKeys(json, where, "data", "images", "agreement", "accuracy", "dense-accuracy");
        return new(
            PlanJson.Text(PlanJson.Get(json, where, "data"), $"{where}.data"),
            PlanJson.Whole(PlanJson.Get(json, where, "images"), $"{where}.images", 1, MostImages),
            PlanJson.Number(json, where, "agreement", 1) ?? throw PlanJson.Missing(where, "agreement"))
        {
            Accuracy = PlanJson.Number(json, where, "accuracy", 1),
            DenseAccuracy = PlanJson.Number(json, where, "dense-accuracy", 1),
        };
    }

    static void Add(JsonObject json, string key, double? value)
    {
        if (value is { } number)
            json[key] = number;
    }
}
