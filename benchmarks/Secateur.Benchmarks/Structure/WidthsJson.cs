using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Secateur.Evaluation.Profiling;

namespace Secateur.Benchmarks.Structure;

/// <summary>What heads and neurons took, kept with the cells that spent it.</summary>
internal static class WidthsJson
{
    /// <summary>Decimals of a millisecond.</summary>
    const int Decimals = 5;

    public static JsonObject Of(WidthLatency widths) => new()
    {
        ["tokens"] = widths.Tokens,
        ["outside"] = Math.Round(widths.Outside, Decimals),
        ["blocks"] = Numbers(widths.Blocks.SelectMany(block => new[] { block.Attention, block.Mlp })),
        ["shapes"] = new JsonArray([.. widths.Shapes.Select(shape => (JsonNode)new JsonObject
        {
            ["shape"] = new JsonArray(shape.Shape.Heads, shape.Shape.HeadDim, shape.Shape.Neurons, shape.Shape.Gated),
            ["blocks"] = Numbers(shape.Blocks.Select(block => (double)block)),
            ["step"] = shape.Step,
            ["heads"] = Points(shape.Heads),
            ["neurons"] = Points(shape.Neurons),
        })]),
    };

    public static WidthLatency Read(JsonNode json) => new(
        (int)json["tokens"]!,
        (double)json["outside"]!,
        [.. json["blocks"]!.AsArray().Chunk(2).Select(pair => new BlockLatency((double)pair[0]!, (double)pair[1]!))],
        [.. json["shapes"]!.AsArray().Select(shape => new ShapeLatency(
            new((int)shape!["shape"]![0]!, (int)shape["shape"]![1]!, (int)shape["shape"]![2]!, (bool)shape["shape"]![3]!),
            [.. shape["blocks"]!.AsArray().Select(block => (int)block!)],
            Points(shape["heads"]!),
            Points(shape["neurons"]!),
            (int)shape["step"]!))]);

    static JsonArray Numbers(IEnumerable<double> numbers) => new([.. numbers.Select(number => (JsonNode)Math.Round(number, Decimals))]);

    /// <summary>Units kept, median, quartiles, runs.</summary>
    static JsonArray Points(ImmutableArray<WidthPoint> points) =>
        new([.. points.Select(point => (JsonNode)Numbers([point.Kept, point.Milliseconds.Median, point.Milliseconds.Lower, point.Milliseconds.Upper, point.Samples]))]);

    static ImmutableArray<WidthPoint> Points(JsonNode json) =>
        [.. json.AsArray().Select(point => new WidthPoint((int)(double)point![0]!, new((double)point[1]!, (double)point[2]!, (double)point[3]!), (int)(double)point[4]!))];
}
