using Secateur.Models.Vit;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export;

/// <summary>Normalisation as a graph: from bytes as a decoder gives them to what the network takes. Resizing and cropping stay outside.</summary>
internal static class PixelGraph
{
    /// <summary>(value / 255 - mean) / deviation, each step in float32, as the engine does it.</summary>
    /// <param name="graph">Where nodes are added.</param>
    /// <param name="pixels">Bytes, [batch, height, width, 3].</param>
    /// <param name="rules">Mean and deviation.</param>
    /// <returns>[batch, 3, height, width].</returns>
    public static Value Run(OnnxGraph graph, Value pixels, ImagePreprocessing rules)
    {
        using OnnxGraph.Scope scope = graph.In("preprocess");
        Value planes = graph.Cast(graph.Transpose(pixels, 0, 3, 1, 2), ElementType.Float);
        Value mean = graph.Numbers([rules.Mean.Red, rules.Mean.Green, rules.Mean.Blue], 1, 3, 1, 1);
        Value deviation = graph.Numbers([rules.Deviation.Red, rules.Deviation.Green, rules.Deviation.Blue], 1, 3, 1, 1);
        return graph.Divide(graph.Subtract(graph.Divide(planes, graph.Number(255f)), mean), deviation);
    }
}
