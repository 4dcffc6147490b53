using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export;

/// <summary>Networks as ONNX graphs, with the pruning inside.</summary>
public static class OnnxExport
{
    /// <summary>A vision transformer under a plan: pictures [batch, channels, height, width] in ("images"), logits [batch, classes] out ("logits").</summary>
    /// <param name="network">The network.</param>
    /// <param name="plan">Which tokens are computed; default: all.</param>
    /// <param name="options">How; default: opset 17, any batch.</param>
    /// <returns>The model.</returns>
    /// <exception cref="OnnxExportException">The plan cannot be a graph of static counts; the message says what to choose instead.</exception>
    public static OnnxModel Vision(VisionTransformer network, TokenPlan? plan = null, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        plan ??= TokenPlan.Dense;
        options ??= new();
        var graph = new OnnxGraph(options.Opset);
        Dimension batch = options.Batch is { } pictures ? pictures : Dimension.Named("batch");
        (int height, int width) = network.ImageSize;
        Value images = graph.Input("images", ElementType.Float, batch, network.ImageLength / height / width, height, width);
        var vision = new VisionGraph(graph, network, plan);
        graph.Output(vision.Run(images), "logits");
        if (options.Decisions)
            foreach ((int stage, GraphMap map) in vision.Decisions)
                graph.Output(map.Kept ?? map.Group!, $"stage.{stage}.{(map.Kept is null ? "group" : "kept")}");
        return new(OnnxFile.Model(graph.Build(network.Architecture), options.Opset, []));
    }
}
