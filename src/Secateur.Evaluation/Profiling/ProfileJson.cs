using System.Text.Json;

namespace Secateur.Evaluation.Profiling;

/// <summary>Reads values of a profile's JSON, trusting nothing in it; the errors are all alike.</summary>
internal static class ProfileJson
{
    internal const int MostCharacters = 200;

    const int HashDigits = 64;

    /// <summary>More milliseconds than any run takes.</summary>
    internal const double MostMilliseconds = 1e9;

    /// <summary>An object with exactly these keys; one that ends in '?' may be absent.</summary>
    internal static JsonElement Keys(JsonElement json, string where, params ReadOnlySpan<string> known)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new LatencyProfileException($"{where} is {Short(json)}; expected an object.");
        foreach (JsonProperty property in json.EnumerateObject())
            if (!known.Contains(property.Name) && !known.Contains(property.Name + "?"))
                throw new LatencyProfileException($"{where} has a key '{Cut(property.Name)}' that nothing reads; the keys there are: {string.Join(", ", known.ToArray().Select(key => key.TrimEnd('?')))}. Correct or remove it.");
        foreach (string key in known)
            if (!key.EndsWith('?') && !json.TryGetProperty(key, out _))
                throw new LatencyProfileException($"{where} does not say \"{key}\"; the file is not complete, measure again.");
        return json;
    }

    /// <summary>The entries of a list that is not too long.</summary>
    internal static IEnumerable<(JsonElement Json, string Where)> List(JsonElement json, string where, int most)
    {
        if (json.ValueKind != JsonValueKind.Array)
            throw new LatencyProfileException($"{where} is {Short(json)}; expected a list.");
        if (json.GetArrayLength() > most)
            throw new LatencyProfileException($"{where} has {json.GetArrayLength()} entries; at most {most} are read.");
        return json.EnumerateArray().Select((entry, i) => (entry, $"{where}[{i}]"));
    }

    /// <summary>A whole number in a range.</summary>
    internal static int Whole(JsonElement json, string where, int from, int to) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out int value) && from <= value && value <= to
            ? value
            : throw new LatencyProfileException($"{where} is {Short(json)}; expected a whole number from {from} to {to}.");

    /// <summary>Milliseconds from 0, or of either sign.</summary>
    internal static double Milliseconds(JsonElement json, string where, double from = 0) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out double value) && value >= from && value <= MostMilliseconds
            ? value
            : throw new LatencyProfileException($"{where} is {Short(json)}; expected milliseconds from {from}.");

    /// <summary>True or false.</summary>
    internal static bool Flag(JsonElement json, string where) => json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new LatencyProfileException($"{where} is {Short(json)}; expected true or false."),
    };

    /// <summary>Text that is not too long and does not steer a terminal.</summary>
    internal static string Text(JsonElement json, string where)
    {
        if (json.ValueKind != JsonValueKind.String)
            throw new LatencyProfileException($"{where} is {Short(json)}; expected text.");
        string text = json.GetString()!;
        if (text.Length > MostCharacters)
            throw new LatencyProfileException($"{where} has {text.Length} characters; at most {MostCharacters} are read.");
        return !text.Any(char.IsControl) ? text : throw new LatencyProfileException($"{where} is {Short(json)}; expected text on one line, without control characters.");
    }

    /// <summary>A SHA-256 in lower-case hexadecimal digits.</summary>
    internal static string Sha256(JsonElement json, string where) => Text(json, where) is { Length: HashDigits } hash && hash.All(char.IsAsciiHexDigitLower)
        ? hash
        : throw new LatencyProfileException($"{where} is {Short(json)}; expected the {HashDigits} hexadecimal digits of a SHA-256.");

    static string Short(JsonElement json) => Cut(json.GetRawText());

    static string Cut(string text) => text.Length <= 60 ? text : text[..60] + "...";
}
