using System.Collections.Immutable;

namespace Secateur.Onnx.Graphs;

/// <content>Operators that leave one number of many. Which axis is an attribute in older versions and an input in newer ones.</content>
internal sealed partial class OnnxGraph
{
    /// <summary>Index of the largest along one axis; among equals, the lowest.</summary>
    public Value IndexOfLargest(Value a, int axis, bool keep = false) => Node("ArgMax", ElementType.Int64, Reduced(a, axis, keep), [a], Attribute("axis", a.Axis(axis)), Attribute("keepdims", keep ? 1L : 0));

    /// <summary>Index of the smallest along one axis; among equals, the lowest.</summary>
    public Value IndexOfSmallest(Value a, int axis, bool keep = false) => Node("ArgMin", ElementType.Int64, Reduced(a, axis, keep), [a], Attribute("axis", a.Axis(axis)), Attribute("keepdims", keep ? 1L : 0));

    public Value Sum(Value a, int axis, bool keep = false) => Sum(a, [axis], keep);

    public Value Sum(Value a, ReadOnlySpan<int> axes, bool keep = false) => Reduce("ReduceSum", a, axes, keep, axesAreInput: true);

    public Value SumOfSquares(Value a, ReadOnlySpan<int> axes, bool keep = false) => Reduce("ReduceSumSquare", a, axes, keep, Opset >= 18);

    public Value Mean(Value a, int axis, bool keep = false) => Reduce("ReduceMean", a, [axis], keep, Opset >= 18);

    public Value Largest(Value a, int axis, bool keep = false) => Reduce("ReduceMax", a, [axis], keep, Opset >= 18);

    public Value Smallest(Value a, int axis, bool keep = false) => Reduce("ReduceMin", a, [axis], keep, Opset >= 18);

    /// <summary>The root of the sum of squares along one axis.</summary>
    public Value Length(Value a, int axis, bool keep = false) => Reduce("ReduceL2", a, [axis], keep, Opset >= 18);

    Value Reduce(string operation, Value a, ReadOnlySpan<int> axes, bool keep, bool axesAreInput)
    {
        long[] counted = Array.ConvertAll(axes.ToArray(), axis => (long)a.Axis(axis));
        ImmutableArray<Dimension> shape = a.Shape;
        foreach (long axis in counted.OrderDescending())
            shape = keep ? shape.SetItem((int)axis, 1) : shape.RemoveAt((int)axis);
        return axesAreInput
            ? Node(operation, a.Type, shape, [a, Whole(counted)], Attribute("keepdims", keep ? 1L : 0))
            : Node(operation, a.Type, shape, [a], Attribute("axes", counted), Attribute("keepdims", keep ? 1L : 0));
    }

    static ImmutableArray<Dimension> Reduced(Value a, int axis, bool keep) => keep ? a.With(axis, 1) : a.Shape.RemoveAt(a.Axis(axis));
}
