using System.Collections.Immutable;

namespace Secateur.Onnx.Import;

/// <summary>The shapes of what the network itself computes.</summary>
internal static class Shapes
{
    /// <summary>Whether an operator is one of those that a network here may consist of.</summary>
    public static bool IsKnown(Node node) => node.Op is "Conv" or "MatMul" or "Gemm" or "LayerNormalization" or "Softmax" or "Shape" or "Size" or "Concat" or "ConstantOfShape"
        or "Range" or "Where" or "CumSum" or "Tile" or "Clip" or "GatherND" or "ReduceSum" or "ReduceMean" or "ReduceMax" or "ReduceMin" or "ReduceProd" or "ReduceL2"
        or "Identity" or "Cast" or "Dropout" or "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" or "Transpose" or "Slice" or "Gather" or "Split" or "Expand" or "Constant";

    /// <summary>The shape of what a node gives; null where it is no such operator, or does not follow.</summary>
    public static ImmutableArray<int>? Of(Node node) => node.Op switch
    {
        "MatMul" => Product(node),
        "Gemm" => Gemm(node),
        "Conv" => Convolution(node),
        "LayerNormalization" or "Softmax" => node.In(0).Shape,
        // Looked up by what the network is given: numbers are not known, shapes are.
        "Gather" => node.In(0).Shape is { } table && node.In(1).Shape is { } indices && node.Axis(node.Int("axis", 0), table.Length) is var axis
            ? Sizes.Checked([.. table[..axis], .. indices, .. table[(axis + 1)..]])
            : null,
        _ => null,
    };

    static ImmutableArray<int>? Product(Node node)
    {
        (Edge a, Edge b) = (node.In(0), node.In(1));
        if (a.Rank < 2 || b.Rank < 2 || a.Last() != b.Last(2) || Sizes.Spread(a.Shape!.Value[..^2], b.Shape!.Value[..^2]) is not { } outer)
            throw node.Refuse($"{a} and {b} cannot be multiplied");
        return Sizes.Checked([.. outer, a.Last(2), b.Last()]);
    }

    static ImmutableArray<int>? Gemm(Node node)
    {
        (Edge a, Edge b) = (node.In(0), node.In(1));
        if (a.Rank != 2 || b.Rank != 2)
            throw node.Refuse($"{a} and {b} are no two matrices");
        (bool turnA, bool turnB) = (node.Int("transA", 0) != 0, node.Int("transB", 0) != 0);
        if (a.Last(turnA ? 2 : 1) != b.Last(turnB ? 1 : 2))
            throw node.Refuse($"{a} and {b} cannot be multiplied");
        return Sizes.Checked([a.Last(turnA ? 1 : 2), b.Last(turnB ? 2 : 1)]);
    }

    static ImmutableArray<int>? Convolution(Node node)
    {
        (Edge x, Edge weight) = (node.In(0), node.In(1));
        if (x.Rank != 4 || weight.Rank != 4)
            throw node.Refuse($"{x} and {weight} are no pictures and no patches");
        int[] strides = node.Ints("strides") ?? [1, 1], pads = node.Ints("pads") ?? [0, 0, 0, 0], dilations = node.Ints("dilations") ?? [1, 1];
        var sides = new int[2];
        for (int i = 0; i < 2; i++)
        {
            if (strides.Length != 2 || strides[i] < 1 || pads.Length != 4 || pads.Any(pad => pad != 0) || dilations.Any(dilation => dilation != 1) || node.Int("group", 1) != 1)
                throw node.Refuse("patches are cut side by side, without pads, dilations and groups");
            sides[i] = x.Shape!.Value[i + 2] < weight.Shape!.Value[i + 2] ? 0 : ((x.Shape!.Value[i + 2] - weight.Shape!.Value[i + 2]) / strides[i]) + 1;
        }

        return Sizes.Checked([x.Shape!.Value[0], weight.Shape!.Value[0], sides[0], sides[1]]);
    }
}
