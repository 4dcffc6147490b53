using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Secateur.Compression.Tokens;
using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Onnx.Export;

/// <summary>What a file of ours says of itself (ONNX's <c>metadata_props</c>); docs/formats/onnx.md describes every key.</summary>
internal static class OnnxMetadata
{
    /// <summary>What the weights cannot say about the network, as JSON.</summary>
    public const string Network = "secateur.network";

    /// <summary>The plan inside, as its file.</summary>
    public const string Plan = "secateur.plan";

    /// <summary>Which weights: <see cref="WeightsHash"/>.</summary>
    public const string Weights = "secateur.weights";

    /// <summary>How a picture becomes the input, as JSON.</summary>
    public const string Preprocessing = "secateur.preprocessing";

    /// <summary>Names of the classes, a JSON array.</summary>
    public const string Labels = "labels";

    /// <summary>Of a vision transformer.</summary>
    public static IEnumerable<(string Key, string Value)> Of(VisionTransformer network, TokenPlan plan, bool normalises)
    {
        yield return (Network, Json(json => Describe(json, network)));
        yield return (Weights, WeightsHash.Of(network));
        if (!plan.Stages.IsEmpty)
            yield return (Plan, TokenPlanFile.Print(plan));
        yield return (Preprocessing, Json(json => Describe(json, network.Config.Preprocessing with { Size = network.ImageSize }, normalises)));
        if (!network.Config.Labels.IsDefaultOrEmpty)
            yield return (Labels, Names(network.Config.Labels));
    }

    /// <summary>Of an encoder of texts.</summary>
    public static IEnumerable<(string Key, string Value)> Of(TextTransformer network)
    {
        yield return (Network, Json(json => Describe(json, network)));
        yield return (Weights, WeightsHash.Of(network));
        if (!network.Config.Labels.IsDefaultOrEmpty)
            yield return (Labels, Names(network.Config.Labels));
    }

    static void Describe(Utf8JsonWriter json, VisionTransformer network)
    {
        VitConfig config = network.Config;
        HashSet<string> names = [];
        network.VisitWeights((name, _, _) => names.Add(name));
        bool hasClass = names.Contains("cls_token"), distilled = names.Contains("dist_token");
        Start(json, "vision", config.Architecture, config.HeadDim, config.Epsilon, config.Activation.ToString());
        json.WriteBoolean("gated", config.SwiGlu);
        json.WriteString("pooling", config.Pooling.ToString());
        Sides(json, "image_size", network.ImageSize);
        json.WriteNumber("patch_size", network.PatchSize);
        json.WriteBoolean("class_token", hasClass);
        json.WriteBoolean("distillation_token", distilled);
        json.WriteNumber("registers", network.PrefixTokens - (hasClass ? 1 : 0) - (distilled ? 1 : 0));
        Blocks(json, network.Blocks);
    }

    static void Describe(Utf8JsonWriter json, TextTransformer network)
    {
        TextConfig config = network.Config;
        Start(json, "text", config.Architecture, config.HeadDim, config.Epsilon, config.Activation.ToString());
        json.WriteString("family", config.Family.ToString());
        json.WriteString("task", config.Task.ToString());
        json.WriteString("pooling", config.Pooling.ToString());
        json.WriteBoolean("normalise", config.Normalise);
        json.WriteNumber("first_position", config.FirstPosition);
        json.WriteNumber("longest_text", config.LongestText);
        Blocks(json, network.Blocks);
    }

    static void Describe(Utf8JsonWriter json, ImagePreprocessing pictures, bool normalises)
    {
        json.WriteBoolean("in_graph", normalises);
        Sides(json, "size", pictures.Size);
        Colours(json, "mean", pictures.Mean);
        Colours(json, "std", pictures.Deviation);
        json.WriteString("interpolation", pictures.Interpolation);
        json.WriteNumber("crop_fraction", pictures.CropFraction);
        json.WriteString("crop_mode", pictures.CropMode);
        json.WriteString("crop_rounding", pictures.CropRounding);
        if (pictures.ShortSide is { } side)
            json.WriteNumber("short_side", side);
        if (pictures.ResizeTo is { } sides)
            Sides(json, "resize_to", sides);
    }

    static void Start(Utf8JsonWriter json, string kind, string architecture, int headDim, float epsilon, string activation)
    {
        json.WriteNumber("version", 1);
        json.WriteString("kind", kind);
        json.WriteString("architecture", architecture);
        json.WriteNumber("head_dim", headDim);
        json.WriteNumber("epsilon", epsilon);
        json.WriteString("activation", activation);
    }

    static void Blocks(Utf8JsonWriter json, ImmutableArray<BlockShape> blocks)
    {
        json.WriteStartArray("blocks");
        foreach (BlockShape block in blocks)
        {
            json.WriteStartObject();
            json.WriteNumber("heads", block.Heads);
            json.WriteNumber("neurons", block.Neurons);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void Sides(Utf8JsonWriter json, string name, (int Height, int Width) sides)
    {
        json.WriteStartArray(name);
        json.WriteNumberValue(sides.Height);
        json.WriteNumberValue(sides.Width);
        json.WriteEndArray();
    }

    static void Colours(Utf8JsonWriter json, string name, (float Red, float Green, float Blue) colours)
    {
        json.WriteStartArray(name);
        foreach (float colour in (float[])[colours.Red, colours.Green, colours.Blue])
            json.WriteNumberValue(colour);
        json.WriteEndArray();
    }

    static string Names(ImmutableArray<string> labels)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (string label in labels)
                json.WriteStringValue(label);
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    static string Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
