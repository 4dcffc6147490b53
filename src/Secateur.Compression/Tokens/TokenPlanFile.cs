using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>Token plans as JSON: {"format": "secateur-token-plan", "version": 1, "name", "method", "options", "stages": [{"block": 0, "after":
/// "block", "keep": 0.9, "options": {...}}, ...]}. docs/formats/token-plan.md describes every key.</summary>
public static class TokenPlanFile
{
    internal const string Format = "secateur-token-plan";
    internal const int Version = 1;
    const int MostBytes = 1 << 20;

    /// <summary>Reads a plan from a file of at most 1 MB.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="PlanException">It is not a plan; the message says where.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static TokenPlan Load(string path) => Parse(PlanJson.ReadFile(path, MostBytes, "token plan"), path);

    /// <summary>Writes a plan beside its target first, then renames it; its folder is made if it is missing.</summary>
    /// <param name="plan">Made of methods of the catalogue.</param>
    /// <param name="path">Where it goes.</param>
    /// <exception cref="ArgumentException">The catalogue does not know one of its methods.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(TokenPlan plan, string path)
    {
        byte[] text = Encoding.UTF8.GetBytes(Print(plan) + "\n");
        AtomicFile.Write(path, stream => stream.Write(text));
    }

    /// <summary>Reads a plan.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="where">For errors: the file.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="PlanException">It is not a plan; the message says where.</exception>
    public static TokenPlan Parse(string json, string where = "plan")
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            return TokenPlanReader.Read(document.RootElement, where);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: text that is not Unicode
        {
            throw new PlanException($"{where} is not JSON that can be read as a token plan: {e.Message}", e);
        }
    }

    /// <summary>Writes a plan: options on which all stages agree at the top, the others at each stage, every one spelled out.</summary>
    /// <param name="plan">Made of methods of the catalogue.</param>
    /// <returns>Its text, indented.</returns>
    /// <exception cref="ArgumentException">The catalogue does not know one of its methods.</exception>
    public static string Print(TokenPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        TokenMethod[] methods = [.. plan.Stages.Select(stage => TokenMethods.Of(stage.Reducer))];
        JsonObject[] options = [.. plan.Stages.Select((stage, i) => methods[i].Describe(stage.Reducer))];
        var json = new JsonObject { ["format"] = Format, ["version"] = Version, ["name"] = plan.Name };
        if (plan.Origin is { } origin)
            json["origin"] = TokenPlanOriginJson.Write(origin);
        bool one = methods.Length > 0 && Array.TrueForAll(methods, method => method == methods[0]);
        if (one)
        {
            json["method"] = methods[0].Name;
            var common = new JsonObject();
            foreach (string name in options[0].Select(option => option.Key).ToArray())
                if (Array.TrueForAll(options, other => JsonNode.DeepEquals(other[name], options[0][name])))
                {
                    common[name] = options[0][name]!.DeepClone();
                    foreach (JsonObject own in options[1..])
                        own.Remove(name);
                }

            foreach (string name in common.Select(option => option.Key))
                options[0].Remove(name);
            json["options"] = common;
        }

        var stages = new JsonArray();
        for (int i = 0; i < methods.Length; i++)
            stages.Add((JsonNode)Stage(plan.Stages[i], one ? null : methods[i].Name, options[i]));
        json["stages"] = stages;
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
            json.WriteTo(writer);
        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    static JsonObject Stage(TokenStage stage, string? method, JsonObject options)
    {
        var json = new JsonObject { ["block"] = stage.Block };
        (string key, string place) = stage.Position switch
        {
            TokenPosition.BeforeBlock => ("before", "block"),
            TokenPosition.AfterAttention => ("after", "attention"),
            _ => ("after", "block"),
        };
        json[key] = place;
        if (stage.Remove is { } remove)
            json["remove"] = remove;
        if (stage.Keep is { } keep)
            json["keep"] = keep;
        if (method is not null)
            json["method"] = method;
        if (options.Count > 0)
            json["options"] = options;
        return json;
    }
}
