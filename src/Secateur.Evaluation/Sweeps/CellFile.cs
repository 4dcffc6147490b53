using System.Text.Json;
using Secateur.Models.Checkpoints;

namespace Secateur.Evaluation.Sweeps;

/// <summary>A cell's answers as JSON; docs/formats/results.md describes every key. The same answers are always the same bytes.</summary>
public static class CellFile
{
    const string Format = "secateur-cell";
    const long MostBytes = 1L << 30;

    /// <summary>Writes a result; the file appears whole or not at all.</summary>
    /// <param name="result">The result.</param>
    /// <param name="path">Where it goes.</param>
    public static void Save(CellResult result, string path)
    {
        ArgumentNullException.ThrowIfNull(result);
        AtomicFile.Write(path, stream =>
        {
            using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", 1);
            json.WriteString("cell", result.Cell);
            json.WriteString("identity", result.Identity);
            json.WriteNumber("from", result.Range.From);
            json.WriteNumber("to", result.Range.To);
            json.WriteNumber("of", result.Range.Of);
            AnswersJson.Write(json, result.Answers, result.Bad);
            json.WriteEndObject();
        });
    }

    /// <summary>Reads a result.</summary>
    /// <param name="path">The file.</param>
    /// <param name="classes">Of the network.</param>
    /// <returns>The result.</returns>
    /// <exception cref="InvalidDataException">It is no such file, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CellResult Load(string path, int classes)
    {
        if (new FileInfo(path).Length > MostBytes)
            throw new InvalidDataException($"{path} has more than {MostBytes} bytes; no cell has. Is it another file?");
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            JsonElement json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object || Text(json, "format") != Format || Number(json, "version") != 1)
                throw new InvalidDataException($"{path} is not \"format\": \"{Format}\" of version 1; is it another file?");
            var range = new PictureRange(Number(json, "from") ?? -1, Number(json, "to") ?? -1, Number(json, "of") ?? -1);
            if (range.From < 0 || range.To < range.From || range.Of < range.To || Text(json, "cell") is not { } cell || Text(json, "identity") is not { } identity)
                throw new InvalidDataException($"{path} does not say which cell and which pictures it has; it was changed or is damaged. Remove it, and it is made again.");
            (var answers, var bad) = AnswersJson.Read(json, path, range.From, range.Count, classes);
            return new(cell, identity, range, answers, bad);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is not JSON: {e.Message} Remove it, and it is made again.", e);
        }
    }

    static string? Text(JsonElement json, string key) => json.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static int? Number(JsonElement json, string key) => json.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : null;
}
