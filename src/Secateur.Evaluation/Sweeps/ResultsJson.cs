using System.Text.Json;

namespace Secateur.Evaluation.Sweeps;

/// <summary>Reads the JSON files of a folder of results, trusting nothing in them.</summary>
internal static class ResultsJson
{
    /// <summary>Every file says so; files of another version are refused.</summary>
    internal const int Version = 1;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">What it must say that it is.</param>
    /// <param name="mostBytes">Larger ones are not read.</param>
    /// <param name="depth">How deep its lists and objects may lie in each other.</param>
    /// <param name="read">Makes of the object what it stands for.</param>
    /// <param name="remedy">A sentence that says what to do about a damaged file; empty where there is none.</param>
    /// <exception cref="InvalidDataException">It is no such file, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static T Load<T>(string path, string format, long mostBytes, int depth, Func<JsonElement, T> read, string remedy = "")
    {
        if (new FileInfo(path).Length > mostBytes)
            throw new InvalidDataException($"{path} has more than {mostBytes} bytes; no file of results has. Is it another file?");
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = depth, AllowDuplicateProperties = false });
            JsonElement json = document.RootElement;
            return json.ValueKind == JsonValueKind.Object && Text(json, "format") == format && Number(json, "version") == Version
                ? read(json)
                : throw new InvalidDataException($"{path} is not \"format\": \"{format}\" of version {Version}; is it another file?");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is not JSON: {e.Message} {remedy}".TrimEnd(), e);
        }
        catch (InvalidOperationException e)
        {
            // The one thing that is looked at only when it is asked for: whether text is Unicode.
            throw new InvalidDataException($"{path} holds text that is not Unicode: {e.Message} {remedy}".TrimEnd(), e);
        }
    }

    /// <summary>A key's text; null where it has none.</summary>
    internal static string? Text(JsonElement json, string key) =>
        json.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A key's whole number; null where it has none.</summary>
    internal static int? Number(JsonElement json, string key) =>
        json.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : null;
}
