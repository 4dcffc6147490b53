using System.Collections.Immutable;
using System.Text.Json;
using Secateur.Models;

namespace Secateur.Evaluation.Profiling;

/// <summary>Times by heads and neurons in the JSON of a profile.</summary>
internal static class WidthLatencyJson
{
    /// <summary>Heads and neurons of all blocks together: a table of costs has an entry for each.</summary>
    const int MostUnits = 1 << 24;

    internal static void Write(Utf8JsonWriter json, WidthLatency widths)
    {
        json.WriteStartObject("widths");
        json.WriteNumber("tokens", widths.Tokens);
        json.WriteNumber("outside", LatencyProfileFile.Rounded(widths.Outside));
        Write(json, "attention", widths.Blocks.Select(block => LatencyProfileFile.Rounded(block.Attention)));
        Write(json, "mlp", widths.Blocks.Select(block => LatencyProfileFile.Rounded(block.Mlp)));
        json.WriteStartArray("shapes");
        foreach (ShapeLatency shape in widths.Shapes)
        {
            json.WriteStartObject();
            json.WriteNumber("heads", shape.Shape.Heads);
            json.WriteNumber("headDim", shape.Shape.HeadDim);
            json.WriteNumber("neurons", shape.Shape.Neurons);
            json.WriteBoolean("gated", shape.Shape.Gated);
            Write(json, "blocks", shape.Blocks.Select(block => (double)block));
            json.WriteNumber("step", shape.Step);
            Write(json, "byHeads", shape.Heads);
            Write(json, "byNeurons", shape.Neurons);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads it, trusting nothing.</summary>
    /// <exception cref="LatencyProfileException">It cannot be.</exception>
    internal static WidthLatency Read(JsonElement json, string where, int depth)
    {
        ProfileJson.Keys(json, where, "tokens", "outside", "attention", "mlp", "shapes");
        ImmutableArray<ShapeLatency> shapes = [.. ProfileJson.List(json.GetProperty("shapes"), $"{where}.shapes", depth).Select(entry => Shape(entry.Json, entry.Where, depth))];
        if (!shapes.SelectMany(shape => shape.Blocks).Order().SequenceEqual(Enumerable.Range(0, depth)))
            throw new LatencyProfileException($"{where}.shapes must be of each of {depth} blocks once; measure again.");
        if (shapes.Sum(shape => shape.Blocks.Length * ((long)shape.Shape.Heads + shape.Shape.Neurons)) > MostUnits)
            throw new LatencyProfileException($"{where}.shapes have more than {MostUnits} heads and neurons together; no network has.");
        return new(
            ProfileJson.Whole(json.GetProperty("tokens"), $"{where}.tokens", 1, LatencyProfileReader.MostTokens),
            ProfileJson.Milliseconds(json.GetProperty("outside"), $"{where}.outside"),
            [.. Times("attention").Zip(Times("mlp"), (attention, mlp) => new BlockLatency(attention, mlp))],
            shapes);

        double[] Times(string key)
        {
            double[] times = [.. ProfileJson.List(json.GetProperty(key), $"{where}.{key}", depth).Select(entry => ProfileJson.Milliseconds(entry.Json, entry.Where))];
            return times.Length == depth ? times : throw new LatencyProfileException($"{where}.{key} has {times.Length} entries; the network has {depth} blocks.");
        }
    }

    static ShapeLatency Shape(JsonElement json, string where, int depth)
    {
        ProfileJson.Keys(json, where, "heads", "headDim", "neurons", "gated", "blocks", "step", "byHeads", "byNeurons");
        var shape = new BlockShape(Whole("heads", 0, MostUnits), Whole("headDim", 1, MostUnits), Whole("neurons", 0, MostUnits), ProfileJson.Flag(json.GetProperty("gated"), $"{where}.gated"));
        ImmutableArray<int> blocks = [.. ProfileJson.List(json.GetProperty("blocks"), $"{where}.blocks", depth).Select(entry => ProfileJson.Whole(entry.Json, entry.Where, 0, depth - 1))];
        return new(shape, blocks, Points("byHeads", shape.Heads), Points("byNeurons", shape.Neurons), Whole("step", 1, Math.Max(1, shape.Neurons)));

        int Whole(string key, int from, int to) => ProfileJson.Whole(json.GetProperty(key), $"{where}.{key}", from, to);

        ImmutableArray<WidthPoint> Points(string key, int all)
        {
            ImmutableArray<WidthPoint> points = [.. ProfileJson.List(json.GetProperty(key), $"{where}.{key}", MostUnits).Select(entry => Point(entry.Json, entry.Where, all))];
            for (int i = 1; i < points.Length; i++)
                if (points[i].Kept <= points[i - 1].Kept)
                    throw new LatencyProfileException($"{where}.{key}[{i}] must keep more than the one before it.");
            return points.Length > 0 && points[0].Kept == 0 && points[^1].Kept == all ? points : throw new LatencyProfileException($"{where}.{key} must go from none to all {all}; measure again.");
        }
    }

    static WidthPoint Point(JsonElement json, string where, int all)
    {
        ProfileJson.Keys(json, where, "kept", "median", "lower", "upper", "samples");
        var point = new WidthPoint(
            ProfileJson.Whole(json.GetProperty("kept"), $"{where}.kept", 0, all),
            new(Milliseconds("median"), Milliseconds("lower"), Milliseconds("upper")),
            ProfileJson.Whole(json.GetProperty("samples"), $"{where}.samples", 1, LatencyProfileReader.MostSamples));
        return point.Milliseconds.Median > 0 && point.Milliseconds.Lower <= point.Milliseconds.Median && point.Milliseconds.Median <= point.Milliseconds.Upper
            ? point
            : throw new LatencyProfileException($"{where} has its median at 0 or outside its quartiles; measure again.");

        double Milliseconds(string key) => ProfileJson.Milliseconds(json.GetProperty(key), $"{where}.{key}");
    }

    static void Write(Utf8JsonWriter json, string key, IEnumerable<double> values)
    {
        json.WritePropertyName(key);
        json.WriteRawValue($"[{string.Join(", ", values.Select(value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]");
    }

    static void Write(Utf8JsonWriter json, string key, ImmutableArray<WidthPoint> points)
    {
        json.WriteStartArray(key);
        foreach (WidthPoint point in points)
        {
            json.WriteStartObject();
            json.WriteNumber("kept", point.Kept);
            json.WriteNumber("median", LatencyProfileFile.Rounded(point.Milliseconds.Median));
            json.WriteNumber("lower", LatencyProfileFile.Rounded(point.Milliseconds.Lower));
            json.WriteNumber("upper", LatencyProfileFile.Rounded(point.Milliseconds.Upper));
            json.WriteNumber("samples", point.Samples);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
