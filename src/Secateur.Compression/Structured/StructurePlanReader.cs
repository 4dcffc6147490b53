using System.Collections.Immutable;
using System.Text.Json;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Structured;

/// <summary>Reads the JSON of a structure plan, trusting nothing in it.</summary>
internal static class StructurePlanReader
{
    const int MostLayers = 1024;
    const int MostUnits = 1 << 18;
    const int MostWidth = 1 << 16;
    const int WeightsDigits = 64;

    // A few bytes of text may stand for a quarter of a million units, so that all layers together have a limit too.
    const int MostUnitsTogether = 1 << 22;

    internal static StructurePlan Read(JsonElement json, string where)
    {
        PlanJson.OnlyKeys(json, where, "format", "version", "origin", "layers");
        if (!json.TryGetProperty("format", out JsonElement format) || format.ValueKind != JsonValueKind.String || format.GetString() != StructurePlanFile.Format)
            throw new PlanException($"{where} does not say \"format\": \"{StructurePlanFile.Format}\"; is it another file?");
        if (!json.TryGetProperty("version", out JsonElement version) || version.ValueKind != JsonValueKind.Number || version.GetRawText() != "1")
            throw new PlanException($"{where} is not of version {StructurePlanFile.Version}, the only one that this program reads.");
        if (!json.TryGetProperty("layers", out JsonElement layers))
            throw new PlanException($"{where} has no layers; it must say for each block which heads and neurons stay.");
        PlanJson.Require(layers, JsonValueKind.Array, $"{where}: layers");
        if (layers.GetArrayLength() is var length && length is 0 or > MostLayers)
            throw new PlanException($"{where} has {length} layers; from 1 to {MostLayers} are read.");
        var read = ImmutableArray.CreateBuilder<LayerPlan>(length);
        int units = 0;
        foreach (JsonElement layer in layers.EnumerateArray())
        {
            LayerPlan next = Layer(layer, $"{where}: layers[{read.Count}]");
            units += next.Heads.Length + next.Neurons.Length;
            if (units > MostUnitsTogether)
                throw new PlanException($"{where} keeps more than {MostUnitsTogether} heads and neurons; no network has so many.");
            read.Add(next);
        }

        return new(read.MoveToImmutable())
        {
            Origin = json.TryGetProperty("origin", out JsonElement origin) ? Origin(origin, $"{where}: origin") : null,
        };
    }

    static LayerPlan Layer(JsonElement json, string where)
    {
        PlanJson.OnlyKeys(json, where, "heads", "neurons", "head-scales", "neuron-scales", "attention-bias", "mlp-bias");
        ImmutableArray<int> heads = Units(json, where, "heads"), neurons = Units(json, where, "neurons");
        return new(heads, neurons)
        {
            HeadScales = Numbers(json, where, "head-scales", heads.Length, "heads that stay"),
            NeuronScales = Numbers(json, where, "neuron-scales", neurons.Length, "neurons that stay"),
            AttentionBias = Numbers(json, where, "attention-bias"),
            MlpBias = Numbers(json, where, "mlp-bias"),
        };
    }

    static ImmutableArray<int> Units(JsonElement json, string where, string key)
    {
        if (!json.TryGetProperty(key, out JsonElement units))
            throw new PlanException($"{where} does not say which {key} stay; where none do, write \"{key}\": \"\".");
        PlanJson.Require(units, JsonValueKind.String, $"{where}.{key}");
        return UnitRanges.Parse(units.GetString()!, MostUnits)
            ?? throw new PlanException($"{where}.{key} is {PlanJson.Short(units)}; expected ascending indices below {MostUnits} and ranges of them: \"0-2, 5\".");
    }

    static ImmutableArray<float> Numbers(JsonElement json, string where, string key, int? expected = null, string what = "")
    {
        if (!json.TryGetProperty(key, out JsonElement list))
            return [];
        PlanJson.Require(list, JsonValueKind.Array, $"{where}.{key}");
        int length = list.GetArrayLength();
        if (expected is { } count ? length != count : length is 0 or > MostWidth)
            throw new PlanException($"{where}.{key} has {length} numbers; expected {(expected is { } there ? $"{there}, one for each of the {what}" : $"the width of the network, at most {MostWidth}")}.");
        var numbers = ImmutableArray.CreateBuilder<float>(length);
        foreach (JsonElement number in list.EnumerateArray())
            numbers.Add(number.ValueKind == JsonValueKind.Number && number.TryGetSingle(out float value) && float.IsFinite(value)
                ? value
                : throw new PlanException($"{where}.{key}[{numbers.Count}] is {PlanJson.Short(number)}; expected a number that a float32 holds."));
        return numbers.MoveToImmutable();
    }

    static StructurePlanOrigin Origin(JsonElement json, string where)
    {
        PlanJson.OnlyKeys(json, where, "tool", "architecture", "weights", "scorer", "allocator", "corrector", "budget", "calibration", "macs");
        return new()
        {
            Tool = Text("tool"),
            Architecture = Text("architecture"),
            Weights = PlanJson.Digits(PlanJson.Get(json, where, "weights"), $"{where}.weights", WeightsDigits, WeightsDigits),
            Scorer = Text("scorer"),
            Allocator = Text("allocator"),
            Corrector = Text("corrector"),
            Budget = PlanJson.Number(json, where, "budget", 1) ?? throw PlanJson.Missing(where, "budget"),
            Calibration = Text("calibration"),
            Macs = json.TryGetProperty("macs", out JsonElement macs) ? Macs(macs, $"{where}.macs") : null,
        };

        string Text(string key) => PlanJson.Text(PlanJson.Get(json, where, key), $"{where}.{key}");
    }

    static PlannedMacs Macs(JsonElement json, string where)
    {
        PlanJson.OnlyKeys(json, where, "plan", "dense");
        return new(PlanJson.Count(json, where, "plan"), PlanJson.Count(json, where, "dense"));
    }
}
