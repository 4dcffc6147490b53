using Secateur.Models.Bert;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Graphs;
using Secateur.Onnx.Schema;

namespace Secateur.Onnx.Export;

/// <summary>Networks as ONNX graphs, with the pruning inside.</summary>
public static class OnnxExport
{
    /// <summary>The input of vision transformers: normalised pictures, float32 [batch, channels, height, width].</summary>
    public const string Images = "images";

    /// <summary>The input where the graph normalises: bytes, uint8 [batch, height, width, 3].</summary>
    public const string Pixels = "pixels";

    /// <summary>The input of encoders of texts: numbers in the vocabulary, int64 [batch, sequence].</summary>
    public const string Ids = "input_ids";

    /// <summary>The input that tells tokens from padding: 1 and 0, int64 [batch, sequence].</summary>
    public const string Mask = "attention_mask";

    /// <summary>The input of encoders that look at it: which part of a pair each token belongs to, int64 [batch, sequence].</summary>
    public const string Types = "token_type_ids";

    /// <summary>A vision transformer under a plan: pictures in ("images", or "pixels" where the graph normalises them), logits [batch, classes] out
    /// ("logits"; "embedding" where the network has no classifier).</summary>
    /// <param name="network">The network.</param>
    /// <param name="plan">Which tokens are computed; default: all.</param>
    /// <param name="options">How; default: opset 17, any batch.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentException">The plan does not fit the network, or an option is out of range.</exception>
    /// <exception cref="OnnxExportException">The network or the plan cannot be a graph of static counts; the message says what to choose instead.</exception>
    public static OnnxModel Vision(VisionTransformer network, TokenPlan? plan = null, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        plan ??= TokenPlan.Dense;
        options ??= new();
        network.RequireFits(plan);
        var graph = new OnnxGraph(options.Opset);
        Value images = Pictures(graph, network, options);
        var vision = new VisionGraph(graph, network, plan);
        string answer = OnnxModel.Answer(network);
        graph.Output(vision.Run(images), answer);
        foreach ((int stage, GraphMap map) in vision.Decisions)
            graph.Output(map.Kept ?? map.Group!, OnnxModel.Decision(stage, map.Kept is not null));
        (string, string)[] metadata = [.. OnnxMetadata.Of(network, plan, options.Normalise)];
        ModelProto deciding = OnnxFile.Model(graph.Build(network.Architecture), options.Opset, metadata);
        return options.Decisions
            ? new(deciding, deciding)
            : new(OnnxFile.Model(graph.Build(network.Architecture, name => name == answer), options.Opset, metadata), deciding);
    }

    /// <summary>An encoder of texts: "input_ids", "attention_mask" and, where the network looks at them, "token_type_ids" in, all of texts that are padded
    /// at their ends; "logits" [batch, classes] or, where each token is classified, [batch, sequence, classes] out; of encoders "embedding" [batch, width].</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">How; default: opset 17, any batch, any length.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentException">An option is out of range, or means nothing for texts.</exception>
    public static OnnxModel Text(TextTransformer network, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        options ??= new();
        if (options.Normalise || options.Decisions)
            throw new ArgumentException("Texts have neither pixels to normalise nor decisions about tokens.", nameof(options));
        if (options.Sequence is { } tokens && (tokens < 1 || tokens > network.Config.LongestText))
            throw new ArgumentException($"{network.Architecture} reads texts of 1 to {network.Config.LongestText} tokens, not {tokens}.", nameof(options));
        var graph = new OnnxGraph(options.Opset);
        Dimension batch = Batch(options), sequence = options.Sequence is { } length ? length : Dimension.Named("sequence");
        Value ids = graph.Input(Ids, ElementType.Int64, batch, sequence), mask = graph.Input(Mask, ElementType.Int64, batch, sequence);
        Value? types = network.Types > 1 ? graph.Input(Types, ElementType.Int64, batch, sequence) : null;
        graph.Output(new TextGraph(graph, network).Run(ids, mask, types), OnnxModel.Answer(network));
        ModelProto model = OnnxFile.Model(graph.Build(network.Architecture), options.Opset, OnnxMetadata.Of(network));
        return new(model, model);
    }

    static Value Pictures(OnnxGraph graph, VisionTransformer network, OnnxExportOptions options)
    {
        (int height, int width) = network.ImageSize;
        int channels = network.ImageLength / height / width;
        if (!options.Normalise)
            return graph.Input(Images, ElementType.Float, Batch(options), channels, height, width);
        return channels == 3
            ? PixelGraph.Run(graph, graph.Input(Pixels, ElementType.UInt8, Batch(options), height, width, 3), network.Config.Preprocessing)
            : throw new OnnxExportException($"{network.Architecture} looks at pictures of {channels} channels, and only those of 3 colours are normalised in a graph; export it without.");
    }

    static Dimension Batch(OnnxExportOptions options)
    {
        if (options.Batch is not { } pictures)
            return Dimension.Named("batch");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pictures, nameof(options));
        return pictures;
    }
}
