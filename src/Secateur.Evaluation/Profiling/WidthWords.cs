using System.Collections.Immutable;
using System.Globalization;

namespace Secateur.Evaluation.Profiling;

/// <summary>What times by heads and neurons say, in words.</summary>
public static class WidthWords
{
    /// <summary>Two lines for each shape of blocks.</summary>
    public static IEnumerable<string> Lines(WidthLatency widths)
    {
        ArgumentNullException.ThrowIfNull(widths);
        foreach (ShapeLatency shape in widths.Shapes)
        {
            yield return $"{Blocks(shape)}, attention: {Range(shape.Heads, "heads")}; a head costs {ProfileWords.Milliseconds(Each(shape.Heads))}";
            yield return $"{Blocks(shape)}, MLP: {Range(shape.Neurons, "neurons")}; a neuron costs {Microseconds(Each(shape.Neurons))}{(shape.Step > 1 ? $", in steps of {shape.Step}" : "")}";
        }
    }

    /// <summary>Milliseconds that one unit costs in the middle of none and all.</summary>
    public static double Each(ImmutableArray<WidthPoint> points) => points.Length > 1 ? (points[^1].Milliseconds.Median - points[0].Milliseconds.Median) / points[^1].Kept : 0;

    static string Blocks(ShapeLatency shape) => shape.Blocks.Length == 1 ? $"block {shape.Blocks[0]}" : $"{shape.Blocks.Length} blocks";

    static string Range(ImmutableArray<WidthPoint> points, string units) =>
        $"{ProfileWords.Milliseconds(points[^1].Milliseconds.Median)} with {points[^1].Kept} {units}, {ProfileWords.Milliseconds(points[points.Length / 2].Milliseconds.Median)} with {points[points.Length / 2].Kept}, {ProfileWords.Milliseconds(points[0].Milliseconds.Median)} without";

    static string Microseconds(double milliseconds) => (1000 * milliseconds).ToString("G3", CultureInfo.InvariantCulture) + " \u00b5s";
}
