using System.Collections.Immutable;
using System.Text.Json;
using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;

namespace Secateur.Onnx.Import;

/// <summary>What a file of ours says of itself (<see cref="OnnxMetadata"/>) that its graph does not. Files of others say nothing of this.</summary>
internal sealed class ToldFacts(OnnxSource source)
{
    const int Longest = 1 << 24, LongestSide = 1 << 14;

    /// <summary>Refuses a file with a plan in its graph.</summary>
    /// <exception cref="CheckpointException">It has one.</exception>
    public void RequireDense()
    {
        if (Find(OnnxMetadata.Plan) is not null)
            throw new CheckpointException($"{source.Path}: this file has a plan that prunes tokens inside its graph; import the dense network that it was exported from.");
    }

    /// <summary>What the network is called; null where nobody says.</summary>
    public string? Architecture => Parsed(OnnxMetadata.Network, root => root.GetProperty("architecture").GetString());

    /// <summary>Names of the classes; empty where there is not one for each.</summary>
    /// <param name="classes">How many there are.</param>
    public ImmutableArray<string> Labels(int classes) =>
        Parsed<string[]>(OnnxMetadata.Labels, root => [.. root.EnumerateArray().Select(name => name.GetString()!)]) is { } names && names.Length == classes ? [.. names] : [];

    /// <summary>How a picture becomes the input; null where nobody says.</summary>
    public ImagePreprocessing? Preprocessing => Parsed(OnnxMetadata.Preprocessing, root => new ImagePreprocessing
    {
        Size = Sides(root.GetProperty("size")),
        Mean = Colours(root.GetProperty("mean"), double.MinValue),
        Deviation = Colours(root.GetProperty("std"), 1e-6),
        Interpolation = Among(root.GetProperty("interpolation"), "bicubic", "bilinear", "lanczos", "box", "hamming", "nearest"),
        CropFraction = root.GetProperty("crop_fraction").GetDouble() is >= .05 and <= 4 and var fraction ? fraction : throw new FormatException("crop_fraction"),
        CropMode = Among(root.GetProperty("crop_mode"), "center", "squash", "border"),
        CropRounding = Among(root.GetProperty("crop_rounding"), "half-even", "down"),
        ShortSide = root.TryGetProperty("short_side", out JsonElement side) ? Side(side) : null,
        ResizeTo = root.TryGetProperty("resize_to", out JsonElement sides) ? Sides(sides) : null,
    });

    T? Parsed<T>(string key, Func<JsonElement, T> read)
    {
        if (Find(key) is not { } text)
            return default;
        try
        {
            using var document = JsonDocument.Parse(text, new() { MaxDepth = 16 });
            return read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new CheckpointException($"{source.Path}: what it says under '{key}' cannot be read ({error.Message})", error);
        }
    }

    string? Find(string key)
    {
        string? text = source.Model.MetadataProps.FirstOrDefault(pair => pair.Key == key)?.Value;
        return text is null || text.Length <= Longest ? text : throw new CheckpointException($"{source.Path}: what it says under '{key}' is longer than anything that is read here.");
    }

    static (int Height, int Width) Sides(JsonElement value) => value.GetArrayLength() == 2 ? (Side(value[0]), Side(value[1])) : throw new FormatException("two sides");

    static int Side(JsonElement value) => value.GetInt32() is > 0 and <= LongestSide and var side ? side : throw new FormatException("a side");

    static (float Red, float Green, float Blue) Colours(JsonElement value, double least)
    {
        float[] colours = [.. value.EnumerateArray().Select(colour => colour.GetSingle())];
        return colours.Length == 3 && colours.All(colour => float.IsFinite(colour) && colour >= least) ? (colours[0], colours[1], colours[2]) : throw new FormatException("three colours");
    }

    static string Among(JsonElement value, params string[] known) => value.GetString() is { } text && known.Contains(text) ? text : throw new FormatException(string.Join(", ", known));
}
