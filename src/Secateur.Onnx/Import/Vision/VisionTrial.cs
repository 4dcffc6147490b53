using System.Collections.Immutable;
using Secateur.Models.Checkpoints;
using Secateur.Onnx.Schema;

namespace Secateur.Onnx.Import.Vision;

/// <summary>The pictures that a graph is tried with: one, or as many as the graph is for; of its own size or, where that is left open, of the size that its position
/// embeddings are for.</summary>
internal static class VisionTrial
{
    const int UsualSide = 224, MostPixels = 1 << 24;

    /// <summary>Whether an input takes pictures.</summary>
    public static bool Takes(ValueInfoProto input) => input.Type?.TensorType?.Shape?.Dim.Count == 4;

    /// <summary>What to try a graph with.</summary>
    /// <param name="source">The file.</param>
    /// <param name="input">Its input.</param>
    /// <exception cref="CheckpointException">The sizes of its pictures cannot be.</exception>
    public static Trial Of(OnnxSource source, ValueInfoProto input)
    {
        long[] sides = [.. input.Type.TensorType.Shape.Dim.Select(side => side.HasDimValue ? side.DimValue : 0)];
        bool bytes = input.Type.TensorType.ElemType == (int)TensorProto.Types.DataType.Uint8;
        (int height, int width, int channel) = bytes ? (1, 2, 3) : (2, 3, 1);
        StoredTensor? patches = source.Operators.Where(node => node.OpType == "Conv" && node.Input.Count > 1)
            .Select(node => source.Stored.GetValueOrDefault(node.Input[1])).FirstOrDefault(stored => stored is { Shape.Length: 4 });
        int side = Side(source, patches);
        sides[0] = Or(sides[0], 1);
        sides[channel] = Or(sides[channel], patches?.Shape[1] ?? 3);
        sides[height] = Or(sides[height], side);
        sides[width] = Or(sides[width], side);
        if (sides.Any(length => length is < 1 or > MostPixels) || sides.Aggregate(1L, (a, b) => a > MostPixels ? a : a * b) > MostPixels)
            throw new CheckpointException($"{source.Path}: its input '{Node.Short(input.Name)}' is [{string.Join(", ", sides)}]; such pictures are not run here.");
        return new([.. sides.Select(length => (int)length)]);
    }

    static long Or(long told, long otherwise) => told > 0 ? told : otherwise;

    // A square of as many patches as there are position embeddings, but for a few of learnt tokens.
    static int Side(OnnxSource source, StoredTensor? patches)
    {
        if (patches is null)
            return UsualSide;
        (int width, int patch) = (patches.Shape[0], patches.Shape[2]);
        foreach (StoredTensor stored in source.Stored.Values.Where(stored => stored.Floating && stored.Shape.Length is 2 or 3 && stored.Shape[^1] == width && stored.Length > width))
            foreach (int prefix in (ReadOnlySpan<int>)[0, 1, 2, 5])
            {
                int count = stored.Shape[^2] - prefix, rows = (int)Math.Sqrt(Math.Max(0, count));
                if (rows > 1 && rows * rows == count && stored.Length == stored.Shape[^2] * width && (stored.Shape.Length == 3 || IsLookedUp(source, stored)))
                    return rows * patch;
            }

        return UsualSide;
    }

    static bool IsLookedUp(OnnxSource source, StoredTensor stored) =>
        source.Operators.Any(node => node is { OpType: "Gather", Input: [var from, ..] } && source.Stored.GetValueOrDefault(from) == stored);
}
