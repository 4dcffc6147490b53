using System.Collections.Immutable;
using Secateur.Onnx.Schema;

namespace Secateur.Onnx.Import;

/// <summary>Works out what each node gives for inputs of known shapes: shapes wherever they follow, numbers where they are few (shape arithmetic, masks,
/// positions). The large products of the network are not computed.</summary>
internal sealed class Evaluation
{
    // All numbers of a graph together that are worked out: many times what shapes and masks of any network take.
    long left = 1 << 25;

    /// <summary>Works out one node, whose inputs were worked out.</summary>
    /// <param name="node">The node; its outputs are filled.</param>
    /// <returns>Whether its operator is known.</returns>
    public bool Run(Node node)
    {
        bool constant = node.Op == "Shape" || node.Inputs.All(input => input?.IsConstant != false);
        foreach (Edge output in node.Outputs)
            output.IsConstant = constant;
        if (node.Outputs is not [var first, ..])
            return true;
        if (node.Op == "Constant")
            return Constant(node, first);
        if (Move.Of(first) is not null)
            return Moved(node);
        if (node.Inputs.Any(input => input is { Shape: null }))
            return Shapes.IsKnown(node) || Elementwise.Unary(node) is not null || Elementwise.Binary(node, false) is not null;
        if (Elementwise.Unary(node) is { } unary)
            return Alone(node, first, unary);
        if (Elementwise.Binary(node, node.Inputs.All(input => input!.Integral)) is { } binary)
            return Together(node, first, binary);
        if (Folds.Run(node, first) is { } folded)
        {
            Settle(first, folded.Shape, Affordable(folded.Shape) ? folded.Numbers?.Invoke() : null, folded.Integral);
            return true;
        }

        if (Shapes.Of(node) is not { } shape)
            return Shapes.IsKnown(node);
        first.Shape = shape;
        return true;
    }

    static bool Constant(Node node, Edge to)
    {
        if (node.Tensor("value") is { } stored)
            (to.Shape, to.Numbers, to.Integral) = (stored.Shape, stored.Length <= Edge.MostNumbers ? stored.Numbers() : null, !stored.Floating);
        else if (node.Has("value_float"))
            (to.Shape, to.Numbers) = ([], [node.Float("value_float", 0)]);
        else if (node.Has("value_int"))
            (to.Shape, to.Numbers, to.Integral) = ([], [node.Int("value_int", 0)], true);
        else if (node.Ints("value_ints") is { } whole && node.Has("value_ints"))
            (to.Shape, to.Numbers, to.Integral) = ([whole.Length], [.. whole.Select(number => (double)number)], true);
        else if (node.Floats("value_floats") is { } floats && node.Has("value_floats"))
            (to.Shape, to.Numbers) = ([floats.Length], [.. floats.Select(number => (double)number)]);
        else
            return false;
        return true;
    }

    bool Moved(Node node)
    {
        Edge from = node.In(0);
        foreach (Edge output in node.Outputs)
        {
            // Dropout's mask is of no use to anybody.
            if (node.Op == "Dropout" && output.Output > 0)
                continue;
            Move move = Move.Of(output)!;
            bool looksUp = node.Op == "Gather" && from.Stored is { Floating: true } && from.Rank == 2;
            Settle(output, move.Shape, !looksUp && Affordable(move.Shape) && from.Numbers is { } numbers ? move.Apply(numbers) : null, from.Integral);
            if (node.Op == "Cast")
                Cast(node, output);
        }

        return true;
    }

    static void Cast(Node node, Edge output)
    {
        var type = (TensorProto.Types.DataType)node.Int("to", 0);
        output.Integral = type is not (TensorProto.Types.DataType.Float or TensorProto.Types.DataType.Float16 or TensorProto.Types.DataType.Bfloat16 or TensorProto.Types.DataType.Double);
        if (type == TensorProto.Types.DataType.Bool)
            output.Numbers = output.Numbers?.Select(number => number == 0 ? 0.0 : 1).ToArray();
        else if (output.Integral)
            output.Numbers = output.Numbers?.Select(Math.Truncate).ToArray();
    }

    bool Alone(Node node, Edge to, Func<double, double> of)
    {
        Edge x = node.In(0);
        Settle(to, x.Shape!.Value, Affordable(x.Shape!.Value) ? x.Numbers?.Select(of).ToArray() : null, Elementwise.Asks(node.Op) || x.Integral);
        return true;
    }

    bool Together(Node node, Edge to, Func<double, double, double> of)
    {
        Edge sum = node.In(0);
        (ImmutableArray<int> shape, double[]? numbers) = (sum.Shape!.Value, sum.Numbers);
        for (int i = 1; i < node.Inputs.Length; i++)
        {
            Edge next = node.In(i);
            ImmutableArray<int> wide = Sizes.Spread(shape, next.Shape!.Value) ?? throw node.Refuse($"{sum} and {next} cannot be spread over each other");
            if (numbers is not null && next.Numbers is { } others && Affordable(wide))
                numbers = [.. Sizes.Spreading(shape, wide).Apply(numbers).Zip(Sizes.Spreading(next.Shape!.Value, wide).Apply(others), of)];
            else
                numbers = null;
            shape = wide;
        }

        Settle(to, shape, numbers, Elementwise.Asks(node.Op) || node.Inputs.All(input => input!.Integral));
        return true;
    }

    void Settle(Edge to, ImmutableArray<int> shape, double[]? numbers, bool integral)
    {
        (to.Shape, to.Numbers, to.Integral) = (shape, numbers, integral);
        left -= numbers?.Length ?? 0;
    }

    bool Affordable(ImmutableArray<int> shape) => Sizes.Product(shape) is >= 0 and <= Edge.MostNumbers and var count && count <= left;
}
