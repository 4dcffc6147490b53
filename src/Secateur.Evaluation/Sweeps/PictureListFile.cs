using System.Collections.Immutable;
using System.Text.Json;
using Secateur.Evaluation.Datasets;
using Secateur.Models.Checkpoints;

namespace Secateur.Evaluation.Sweeps;

/// <summary>Names and labels of all pictures, in order, as JSON: {"format": "secateur-pictures", "version": 1, "names": [...], "labels": [...]}.</summary>
public static class PictureListFile
{
    const string Format = "secateur-pictures";
    const long MostBytes = 1L << 30;

    /// <summary>Writes them; the file appears whole or not at all.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="path">Where it goes.</param>
    public static void Save(IPictureSource pictures, string path)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        AtomicFile.Write(path, stream =>
        {
            using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", ResultsJson.Version);
            json.WriteStartArray("names");
            for (int i = 0; i < pictures.Count; i++)
                json.WriteStringValue(pictures[i].Name);
            json.WriteEndArray();
            json.WritePropertyName("labels");
            json.WriteRawValue($"[{string.Join(',', Enumerable.Range(0, pictures.Count).Select(i => pictures[i].Label))}]");
            json.WriteEndObject();
        });
    }

    /// <summary>Reads them.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The pictures, in order.</returns>
    /// <exception cref="InvalidDataException">It is no such file, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ImmutableArray<PictureEntry> Load(string path) => ResultsJson.Load(path, Format, MostBytes, depth: 3, json =>
    {
        if (!json.TryGetProperty("names", out JsonElement names) || names.ValueKind != JsonValueKind.Array
            || !json.TryGetProperty("labels", out JsonElement labels) || labels.ValueKind != JsonValueKind.Array || labels.GetArrayLength() != names.GetArrayLength())
            throw new InvalidDataException($"{path} has not as many names as labels; it was changed or is damaged.");
        return names.EnumerateArray().Zip(labels.EnumerateArray(), (name, label) =>
            name.ValueKind == JsonValueKind.String && label.ValueKind == JsonValueKind.Number && label.TryGetInt32(out int index) && index >= PictureEntry.NoLabel
                ? new PictureEntry(name.GetString()!, index)
                : throw new InvalidDataException($"{path} has a name that is no text or a label that is no number; it was changed or is damaged.")).ToImmutableArray();
    });
}
