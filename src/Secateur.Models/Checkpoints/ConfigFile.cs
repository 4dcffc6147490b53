using System.Text.Json;

namespace Secateur.Models.Checkpoints;

/// <summary>A JSON object from a checkpoint's folder, read with suspicion: what is absent or null is null, what is of another kind is an error that names file and key.</summary>
internal sealed partial class ConfigFile
{
    const int MaximumLength = 16 << 20;

    readonly string where;
    readonly JsonElement root;

    ConfigFile(string where, JsonElement root)
    {
        this.where = where;
        this.root = root;
    }

    /// <summary>Its keys.</summary>
    /// <exception cref="CheckpointException">One is no valid text.</exception>
    public IEnumerable<string> Keys => root.EnumerateObject().Select(Name);

    /// <summary>Reads a file; null when there is none.</summary>
    /// <exception cref="CheckpointException">It is too long or no JSON object.</exception>
    public static ConfigFile? TryRead(string path, int maximumLength = MaximumLength) => TryParse(path, maximumLength) is not { } root
        ? null
        : root.ValueKind == JsonValueKind.Object ? new(path, root) : throw new CheckpointException($"{path}: the file holds {root.ValueKind}; expected a JSON object.");

    static JsonElement? TryParse(string path, int maximumLength)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > maximumLength)
                throw new CheckpointException($"{path}: the file has {stream.Length} bytes; expected at most {maximumLength}.");
            using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false });
            return document.RootElement.Clone();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: cannot be read as JSON ({exception.Message})", exception);
        }
    }

    public bool Has(string key) => Find(key) is not null;

    public bool IsObject(string key) => Find(key)?.ValueKind == JsonValueKind.Object;

    public ConfigFile? Object(string key) =>
        Find(key) is not { } value ? null : value.ValueKind == JsonValueKind.Object ? new($"{where}, '{key}'", value) : throw Wrong(key, value, "an object");

    public string? Text(string key) =>
        Find(key) is not { } value ? null : value.ValueKind == JsonValueKind.String ? Text(value, key) : throw Wrong(key, value, "text");

    public bool? Flag(string key) => Find(key) is not { } value
        ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, value, "true or false");

    public int? Whole(string key, int minimum, int maximum) =>
        Find(key) is not { } value ? null : IsWhole(value, minimum, maximum, out int number) ? number : throw Wrong(key, value, $"a whole number from {minimum} to {maximum}");

    public double? Number(string key, double minimum, double maximum) =>
        Find(key) is not { } value ? null : IsNumber(value, out double number) && number >= minimum && number <= maximum
            ? number
            : throw Wrong(key, value, $"a number from {minimum} to {maximum}");

    /// <summary>A whole number for height and width both, or the two of them (the last two, where there are more).</summary>
    public (int Height, int Width)? Sides(string key)
    {
        const int Maximum = 1 << 14;
        if (Find(key) is not { } value)
            return null;
        if (IsWhole(value, 1, Maximum, out int side))
            return (side, side);
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() is >= 2 and <= 3
            && IsWhole(value[value.GetArrayLength() - 2], 1, Maximum, out int height) && IsWhole(value[value.GetArrayLength() - 1], 1, Maximum, out int width))
            return (height, width);
        throw Wrong(key, value, $"one or two lengths from 1 to {Maximum} pixels");
    }

    /// <summary>Three numbers, or one for all three.</summary>
    public (float Red, float Green, float Blue)? Colours(string key, double minimum)
    {
        if (Find(key) is not { } value)
            return null;
        var numbers = new double[3];
        bool good = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() is 1 or 3;
        for (int i = 0; good && i < 3; i++)
            good = IsNumber(value[value.GetArrayLength() == 1 ? 0 : i], out numbers[i]) && numbers[i] >= minimum && numbers[i] <= 1e6;
        return good ? ((float)numbers[0], (float)numbers[1], (float)numbers[2]) : throw Wrong(key, value, $"three numbers, each at least {minimum}");
    }

    /// <summary>Names by index, from an array or from an object with the indices as keys; empty unless there is one for each index below <paramref name="count"/>.</summary>
    public string[] Names(string key, int count)
    {
        if (Find(key) is not { } value)
            return [];
        var names = new string?[count];
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == count)
        {
            for (int i = 0; i < count; i++)
                names[i] = value[i].ValueKind == JsonValueKind.String ? Text(value[i], key) : null;
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in value.EnumerateObject())
                if (int.TryParse(property.Name, out int index) && index >= 0 && index < count && property.Value.ValueKind == JsonValueKind.String)
                    names[index] = Text(property.Value, key);
        }

        return names.Contains(null) ? [] : [.. names.Select(name => name!)];
    }

    /// <summary>The objects of an array; none where it is absent.</summary>
    public IReadOnlyList<ConfigFile> Objects(string key) => [.. Elements(key).Select((value, i) => value.ValueKind == JsonValueKind.Object ? new ConfigFile($"{where}, '{key}' {i}", value) : throw Wrong(key, value, "an array of objects"))];

    /// <summary>The rows of an array of arrays, or of single values; none where it is absent.</summary>
    public IEnumerable<IReadOnlyList<JsonElement>> Rows(string key) => Elements(key).Select(value => value.ValueKind == JsonValueKind.Array ? (IReadOnlyList<JsonElement>)[.. value.EnumerateArray()] : [value]);

    /// <summary>A text that is a value of <see cref="Rows"/>.</summary>
    public string TextOf(JsonElement value, string key) => value.ValueKind == JsonValueKind.String ? Text(value, key) : throw Wrong(key, value, "texts");

    /// <summary>Whole numbers by key, from an object.</summary>
    public IEnumerable<KeyValuePair<string, int>> WholeEntries(int minimum, int maximum) => root.EnumerateObject().Select(property =>
        IsWhole(property.Value, minimum, maximum, out int number) ? KeyValuePair.Create(Name(property), number) : throw Wrong(Name(property), property.Value, $"a whole number from {minimum} to {maximum}"));

    /// <summary>Text by key, from an object.</summary>
    public IEnumerable<KeyValuePair<string, string>> Entries() => root.EnumerateObject().Select(property =>
        property.Value.ValueKind == JsonValueKind.String ? KeyValuePair.Create(property.Name, Text(property.Value, property.Name)) : throw Wrong(property.Name, property.Value, "text"));

    /// <summary>An error about a key of this file.</summary>
    public CheckpointException Wrong(string key, string found, string expected) => new($"{where}: '{key}' is {found}; expected {expected}.");

    CheckpointException Wrong(string key, JsonElement value, string expected)
    {
        string text = value.GetRawText();
        return Wrong(key, text.Length > 60 ? string.Concat(text.AsSpan(0, 60), "...") : text, expected);
    }

    JsonElement.ArrayEnumerator Elements(string key) =>
        Find(key) is not { } value ? default : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Wrong(key, value, "an array");

    string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException exception)
        {
            throw new CheckpointException($"{where}: a name in it is no valid text.", exception);
        }
    }

    JsonElement? Find(string key) => root.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    static bool IsWhole(JsonElement value, int minimum, int maximum, out int number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out number) && number >= minimum && number <= maximum;
    }

    static bool IsNumber(JsonElement value, out double number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out number) && double.IsFinite(number);
    }

    string Text(JsonElement value, string key)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new CheckpointException($"{where}: '{key}' is no valid text.", exception);
        }
    }
}
