using System.Text.Json;

namespace Secateur.Compression.Tokens;

/// <summary>The errors of reading a plan, all alike.</summary>
internal static class PlanJson
{
    /// <summary>Refuses a value of another kind.</summary>
    internal static void Require(JsonElement json, JsonValueKind kind, string where)
    {
        if (json.ValueKind != kind)
            throw new TokenPlanException($"{where} is {Short(json)}; expected {(kind == JsonValueKind.Object ? "an object" : kind == JsonValueKind.Array ? "a list" : "text")}.");
    }

    /// <summary>Refuses keys that nobody reads.</summary>
    internal static void OnlyKeys(JsonElement json, string where, params string[] known)
    {
        Require(json, JsonValueKind.Object, where);
        foreach (JsonProperty property in json.EnumerateObject())
            if (!known.Contains(property.Name))
                throw Unknown(where, property.Name, known);
    }

    internal static TokenPlanException Unknown(string where, string name, IEnumerable<string> known) =>
        new($"{where} has a key '{Cut(name)}' that nothing reads; the keys there are: {string.Join(", ", known)}. Correct or remove it.");

    /// <summary>A whole number in a range.</summary>
    internal static int Whole(JsonElement json, string where, int from, int to) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out int value) && from <= value && value <= to
            ? value
            : throw new TokenPlanException($"{where} is {Short(json)}; expected a whole number from {from} to {to}.");

    /// <summary>Text of at most 200 characters, none of which steers a terminal.</summary>
    internal static string Text(JsonElement json, string where)
    {
        Require(json, JsonValueKind.String, where);
        string text = json.GetString()!;
        if (text.Length > 200)
            throw new TokenPlanException($"{where} has {text.Length} characters; at most 200 are read.");
        return !text.Any(char.IsControl) ? text : throw new TokenPlanException($"{where} is {Short(json)}; expected text on one line, without control characters.");
    }

    /// <summary>A value as it stands in the file, cut for an error.</summary>
    internal static string Short(JsonElement json) => Cut(json.GetRawText());

    static string Cut(string text) => text.Length <= 60 ? text : text[..60] + "...";
}
