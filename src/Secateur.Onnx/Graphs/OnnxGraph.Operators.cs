using System.Collections.Immutable;

namespace Secateur.Onnx.Graphs;

/// <content>The operators that graphs are built of, each with the shape of what it gives. Spread: shapes go together as ONNX's multidirectional broadcasting has it.</content>
internal sealed partial class OnnxGraph
{
    public Value Add(Value a, Value b) => Spread("Add", a, b, a.Type);

    public Value Subtract(Value a, Value b) => Spread("Sub", a, b, a.Type);

    public Value Multiply(Value a, Value b) => Spread("Mul", a, b, a.Type);

    public Value Divide(Value a, Value b) => Spread("Div", a, b, a.Type);

    public Value Power(Value a, Value b) => Spread("Pow", a, b, a.Type);

    /// <summary>The remainder of whole numbers.</summary>
    public Value Remainder(Value a, Value b) => Spread("Mod", a, b, a.Type);

    public Value Larger(Value a, Value b) => Spread("Max", a, b, a.Type);

    public Value Smaller(Value a, Value b) => Spread("Min", a, b, a.Type);

    /// <summary>What is below becomes the least, what is above the most.</summary>
    public Value Clip(Value a, float least, float most) => Node("Clip", a.Type, a.Shape, [a, Number(least), Number(most)]);

    public Value Equal(Value a, Value b) => Spread("Equal", a, b, ElementType.Bool);

    public Value Less(Value a, Value b) => Spread("Less", a, b, ElementType.Bool);

    public Value LessOrEqual(Value a, Value b) => Spread("LessOrEqual", a, b, ElementType.Bool);

    public Value Greater(Value a, Value b) => Spread("Greater", a, b, ElementType.Bool);

    public Value GreaterOrEqual(Value a, Value b) => Spread("GreaterOrEqual", a, b, ElementType.Bool);

    public Value And(Value a, Value b) => Spread("And", a, b, ElementType.Bool);

    public Value Or(Value a, Value b) => Spread("Or", a, b, ElementType.Bool);

    public Value Not(Value a) => Each("Not", a);

    public Value Root(Value a) => Each("Sqrt", a);

    public Value Exponential(Value a) => Each("Exp", a);

    public Value Logarithm(Value a) => Each("Log", a);

    public Value ErrorFunction(Value a) => Each("Erf", a);

    public Value Tanh(Value a) => Each("Tanh", a);

    public Value Rectify(Value a) => Each("Relu", a);

    public Value Sigmoid(Value a) => Each("Sigmoid", a);

    public Value Magnitude(Value a) => Each("Abs", a);

    public Value Negative(Value a) => Each("Neg", a);

    public Value Reciprocal(Value a) => Each("Reciprocal", a);

    /// <summary>Along one axis, what adds up to 1.</summary>
    public Value Softmax(Value a, int axis = -1) => Node("Softmax", a.Type, a.Shape, [a], Attribute("axis", axis));

    /// <summary>Sums from the first to each along one axis.</summary>
    public Value RunningSum(Value a, int axis) => Node("CumSum", a.Type, a.Shape, [a, Number((long)a.Axis(axis))]);

    /// <summary>0, 1, 2 and so on.</summary>
    public Value Counting(int count, params ReadOnlySpan<int> shape) => Whole([.. Enumerable.Range(0, count)], shape);

    /// <summary>a where true, b where false.</summary>
    public Value Where(Value condition, Value a, Value b) =>
        Node("Where", a.Type, SpreadShape("Where", SpreadShape("Where", condition.Shape, a.Shape), b.Shape), [condition, a, b]);

    public Value Cast(Value a, ElementType type) => a.Type == type ? a : Node("Cast", type, a.Shape, [a], Attribute("to", (long)type));

    /// <summary>[..., m, k] times [..., k, n].</summary>
    public Value MatrixProduct(Value a, Value b)
    {
        if (a.Rank < 2 || b.Rank < 2 || a.Side(-1) != b.Side(-2))
            throw new ArgumentException($"MatMul: {a} and {b} do not go together.");
        ImmutableArray<Dimension> outer = SpreadShape("MatMul", a.Shape[..^2], b.Shape[..^2]);
        return Node("MatMul", a.Type, [.. outer, a.Side(-2), b.Side(-1)], [a, b]);
    }

    /// <summary>x w^T + b.</summary>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or null.</param>
    public Value Linear(Value x, Value weight, Value? bias)
    {
        if (x.Rank != 2 || weight.Rank != 2 || x.Side(1) != weight.Side(1))
            throw new ArgumentException($"Gemm: {x} and {weight} do not go together.");
        return Node("Gemm", x.Type, [x.Shape[0], weight.Shape[0]], bias is null ? [x, weight] : [x, weight, bias], Attribute("transB", 1L));
    }

    /// <summary>Norm over the last axis (opset 17).</summary>
    public Value LayerNorm(Value a, Value scale, Value? bias, float epsilon) =>
        Node("LayerNormalization", a.Type, a.Shape, bias is null ? [a, scale] : [a, scale, bias], Attribute("axis", -1L), Attribute("epsilon", epsilon));

    /// <summary>The largest or smallest along one axis, best first; among equals, the lower index first.</summary>
    /// <returns>The numbers, and their indices.</returns>
    public (Value Numbers, Value Indices) Top(Value a, int count, int axis = -1, bool largest = true)
    {
        ImmutableArray<Dimension> shape = a.With(axis, count);
        Value[] both = Nodes("TopK", [a, Whole([count])], [(a.Type, shape), (ElementType.Int64, shape)], Attribute("axis", a.Axis(axis)), Attribute("largest", largest ? 1L : 0), Attribute("sorted", 1L));
        return (both[0], both[1]);
    }

    Value Each(string operation, Value a) => Node(operation, a.Type, a.Shape, [a]);

    Value Spread(string operation, Value a, Value b, ElementType type) => Node(operation, type, SpreadShape(operation, a.Shape, b.Shape), [a, b]);

    static ImmutableArray<Dimension> SpreadShape(string operation, ImmutableArray<Dimension> a, ImmutableArray<Dimension> b)
    {
        int rank = Math.Max(a.Length, b.Length);
        var shape = ImmutableArray.CreateBuilder<Dimension>(rank);
        for (int i = 0; i < rank; i++)
        {
            int left = i - rank + a.Length, right = i - rank + b.Length;
            shape.Add(Dimension.Spread(left < 0 ? 1 : a[left], right < 0 ? 1 : b[right], operation));
        }

        return shape.MoveToImmutable();
    }
}
