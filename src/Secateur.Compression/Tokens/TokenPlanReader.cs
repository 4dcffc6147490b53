using System.Collections.Immutable;
using System.Text.Json;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>Reads the JSON of a plan, trusting nothing in it.</summary>
internal static class TokenPlanReader
{
    const int MostStages = 1024;
    const int MostBlocks = 10_000;
    const int MostTokens = 1 << 24;

    internal static TokenPlan Read(JsonElement json, string where)
    {
        PlanJson.OnlyKeys(json, where, "format", "version", "name", "origin", "method", "options", "stages");
        if (!json.TryGetProperty("format", out JsonElement format) || format.ValueKind != JsonValueKind.String || format.GetString() != TokenPlanFile.Format)
            throw new PlanException($"{where} does not say \"format\": \"{TokenPlanFile.Format}\"; is it another file?");
        if (!json.TryGetProperty("version", out JsonElement version) || version.ValueKind != JsonValueKind.Number || version.GetRawText() != "1")
            throw new PlanException($"{where} is not of version {TokenPlanFile.Version}, the only one that this program reads.");
        string name = json.TryGetProperty("name", out JsonElement named) ? PlanJson.Text(named, $"{where}: name") : "unnamed";
        TokenMethod? method = json.TryGetProperty("method", out JsonElement of) ? Method(of, $"{where}: method") : null;
        if (!json.TryGetProperty("stages", out JsonElement stages))
            throw new PlanException($"{where} has no stages; a plan that removes nothing says \"stages\": [].");
        PlanJson.Require(stages, JsonValueKind.Array, $"{where}: stages");
        if (stages.GetArrayLength() > MostStages)
            throw new PlanException($"{where} has {stages.GetArrayLength()} stages; at most {MostStages} are read.");
        var common = new List<(string, JsonElement)>();
        if (json.TryGetProperty("options", out JsonElement options))
        {
            if (method is null)
                throw new PlanException($"{where}: options belong to a method; name it as \"method\", or move them to the stages.");
            common.Add(($"{where}: options", options));
            _ = method.Create([.. common]);
        }

        var read = ImmutableArray.CreateBuilder<TokenStage>(stages.GetArrayLength());
        foreach (JsonElement stage in stages.EnumerateArray())
        {
            string here = $"{where}: stages[{read.Count}]";
            TokenStage next = Stage(stage, here, method, common);
            if (read.Count > 0 && (next.Block, next.Position).CompareTo((read[^1].Block, read[^1].Position)) < 0)
                throw new PlanException($"{here} acts before the one above it; stages stand in the order in which they act.");
            read.Add(next);
        }

        return new(name, read.MoveToImmutable())
        {
            Origin = json.TryGetProperty("origin", out JsonElement origin) ? TokenPlanOriginJson.Read(origin, $"{where}: origin") : null,
        };
    }

    static TokenStage Stage(JsonElement json, string where, TokenMethod? planMethod, List<(string, JsonElement)> common)
    {
        PlanJson.OnlyKeys(json, where, "block", "before", "after", "keep", "remove", "method", "options");
        if (!json.TryGetProperty("block", out JsonElement at))
            throw new PlanException($"{where} does not say at which block it acts (\"block\", from 0).");
        int block = PlanJson.Whole(at, $"{where}.block", 0, MostBlocks);
        TokenMethod method = json.TryGetProperty("method", out JsonElement own)
            ? Method(own, $"{where}.method")
            : planMethod ?? throw new PlanException($"{where} names no method, and neither does the plan.");
        var layers = method == planMethod ? new List<(string, JsonElement)>(common) : [];
        if (json.TryGetProperty("options", out JsonElement options))
            layers.Add(($"{where}.options", options));
        bool keeps = json.TryGetProperty("keep", out JsonElement keep), removes = json.TryGetProperty("remove", out JsonElement remove);
        if (keeps == removes)
            throw new PlanException($"{where} must say either how much stays (\"keep\", a rate) or how many go (\"remove\", a number).");
        return new(block, Position(json, where), method.Create([.. layers]))
        {
            Keep = keeps ? Rate(keep, $"{where}.keep") : null,
            Remove = removes ? PlanJson.Whole(remove, $"{where}.remove", 0, MostTokens) : null,
        };
    }

    static TokenPosition Position(JsonElement json, string where)
    {
        bool isBefore = json.TryGetProperty("before", out JsonElement before), isAfter = json.TryGetProperty("after", out JsonElement after);
        string place = (isBefore, isAfter) switch
        {
            (true, true) => throw new PlanException($"{where} says both \"before\" and \"after\"; one of them places it."),
            (true, false) => "before " + PlanJson.Text(before, $"{where}.before"),
            (false, true) => "after " + PlanJson.Text(after, $"{where}.after"),
            _ => "after block",
        };
        return place switch
        {
            "before block" => TokenPosition.BeforeBlock,
            "after attention" => TokenPosition.AfterAttention,
            "after block" => TokenPosition.AfterBlock,
            _ => throw new PlanException($"{where} acts '{place}'; expected \"after\": \"block\", \"after\": \"attention\" or \"before\": \"block\"."),
        };
    }

    static double Rate(JsonElement json, string where) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out double rate) && rate > 0 && rate <= 1
            ? rate
            : throw new PlanException($"{where} is {PlanJson.Short(json)}; expected a rate above 0, up to 1.");

    static TokenMethod Method(JsonElement json, string where)
    {
        string name = PlanJson.Text(json, where);
        return TokenMethods.All.FirstOrDefault(method => method.Name == name)
            ?? throw new PlanException($"{where} is '{name}'; the methods there are: {string.Join(", ", TokenMethods.All.Select(method => method.Name))}.");
    }
}
