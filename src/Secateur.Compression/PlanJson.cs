using System.Text;
using System.Text.Json;

namespace Secateur.Compression;

/// <summary>The errors of reading a plan, all alike.</summary>
internal static class PlanJson
{
    /// <summary>Refuses a value of another kind.</summary>
    internal static void Require(JsonElement json, JsonValueKind kind, string where)
    {
        if (json.ValueKind != kind)
            throw new PlanException($"{where} is {Short(json)}; expected {(kind == JsonValueKind.Object ? "an object" : kind == JsonValueKind.Array ? "a list" : "text")}.");
    }

    /// <summary>Refuses keys that nobody reads.</summary>
    internal static void OnlyKeys(JsonElement json, string where, params string[] known)
    {
        Require(json, JsonValueKind.Object, where);
        foreach (JsonProperty property in json.EnumerateObject())
            if (!known.Contains(property.Name))
                throw Unknown(where, property.Name, known);
    }

    internal static PlanException Unknown(string where, string name, IEnumerable<string> known) =>
        new($"{where} has a key '{Cut(name)}' that nothing reads; the keys there are: {string.Join(", ", known)}. Correct or remove it.");

    /// <summary>A whole number in a range.</summary>
    internal static int Whole(JsonElement json, string where, int from, int to) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out int value) && from <= value && value <= to
            ? value
            : throw new PlanException($"{where} is {Short(json)}; expected a whole number from {from} to {to}.");

    /// <summary>Text of at most 200 characters, none of which steers a terminal.</summary>
    internal static string Text(JsonElement json, string where)
    {
        Require(json, JsonValueKind.String, where);
        string text = json.GetString()!;
        if (text.Length > 200)
            throw new PlanException($"{where} has {text.Length} characters; at most 200 are read.");
        return !text.Any(char.IsControl) ? text : throw new PlanException($"{where} is {Short(json)}; expected text on one line, without control characters.");
    }

    /// <summary>The value of a key that must be there.</summary>
    internal static JsonElement Get(JsonElement json, string where, string key) => json.TryGetProperty(key, out JsonElement value) ? value : throw Missing(where, key);

    /// <summary>A number from 0 on; null where the key is missing.</summary>
    internal static double? Number(JsonElement json, string where, string key, double most) =>
        !json.TryGetProperty(key, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= 0 && number <= most ? number
        : throw new PlanException($"{where}.{key} is {Short(value)}; expected a number from 0 to {most}.");

    /// <summary>A count of multiply-adds that must be there.</summary>
    internal static long Count(JsonElement json, string where, string key) =>
        Get(json, where, key) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long count) && count >= 0
            ? count
            : throw new PlanException($"{where}.{key} is {Short(json.GetProperty(key))}; expected a number of multiply-adds.");

    /// <summary>Hexadecimal digits.</summary>
    internal static string Digits(JsonElement json, string where, int least, int most)
    {
        string text = Text(json, where);
        return text.Length >= least && text.Length <= most && text.All(char.IsAsciiHexDigitLower)
            ? text
            : throw new PlanException($"{where} is {Short(json)}; expected {(least == most ? $"{most}" : $"{least} to {most}")} hexadecimal digits, lower case.");
    }

    /// <summary>Reads a file that is no longer than any plan.</summary>
    internal static string ReadFile(string path, int mostBytes, string what)
    {
        using FileStream file = File.OpenRead(path);
        var bytes = new byte[(file.CanSeek ? Math.Min(file.Length, mostBytes) : mostBytes) + 1];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > mostBytes)
            throw new PlanException($"{path} has more than {mostBytes} bytes; no {what} has. Is it another file?");
        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    internal static PlanException Missing(string where, string key) => new($"{where} has no key '{key}'; without it the origin says nothing. Add it, or remove the whole origin.");

    /// <summary>A value as it stands in the file, cut for an error.</summary>
    internal static string Short(JsonElement json) => Cut(json.GetRawText());

    static string Cut(string text) => text.Length <= 60 ? text : text[..60] + "...";
}
