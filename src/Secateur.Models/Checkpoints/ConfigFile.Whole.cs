using System.Text.Json;

namespace Secateur.Models.Checkpoints;

/// <content>Lists, and what is handed on as it is.</content>
internal sealed partial class ConfigFile
{
    /// <summary>Reads a file that holds a list of objects; null when there is none.</summary>
    /// <exception cref="CheckpointException">It is too long or no list of JSON objects.</exception>
    public static ConfigFile[]? TryReadList(string path) => TryParse(path, MaximumLength) is not { } root
        ? null
        : root.ValueKind == JsonValueKind.Array && root.GetArrayLength() <= 100 && root.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
            ? [.. root.EnumerateArray().Select(item => new ConfigFile(path, item))]
            : throw new CheckpointException($"{path}: the file holds {root.ValueKind}; expected a list of at most 100 JSON objects.");

    /// <summary>The first of a list of texts; null where there is none.</summary>
    public string? First(string key) => Elements(key).Select(value => TextOf(value, key)).FirstOrDefault();

    /// <summary>Writes a key and its value as they are; <see cref="RequireValidTexts"/> says whether that can be done.</summary>
    public void WriteTo(Utf8JsonWriter json, string key)
    {
        json.WritePropertyName(key);
        root.GetProperty(key).WriteTo(json);
    }

    /// <summary>Refuses a file with texts that are none (half a surrogate pair), since they could not be written again.</summary>
    /// <exception cref="CheckpointException">There is one.</exception>
    public void RequireValidTexts()
    {
        try
        {
            using var json = new Utf8JsonWriter(Stream.Null);
            root.WriteTo(json);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new CheckpointException($"{where}: it has a key or a text that is no valid text.", exception);
        }
    }
}
