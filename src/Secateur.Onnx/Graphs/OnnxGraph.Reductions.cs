using System.Collections.Immutable;

namespace Secateur.Onnx.Graphs;

/// <content>Operators that leave one number of many. Which axis is an attribute in older versions and an input in newer ones.</content>
internal sealed partial class OnnxGraph
{
    /// <summary>Index of the largest along one axis; among equals, the lowest.</summary>
    public Value IndexOfLargest(Value a, int axis, bool keep = false) => Node("ArgMax", ElementType.Int64, Reduced(a, axis, keep), [a], Attribute("axis", a.Axis(axis)), Attribute("keepdims", keep ? 1L : 0));

    /// <summary>Index of the smallest along one axis; among equals, the lowest.</summary>
    public Value IndexOfSmallest(Value a, int axis, bool keep = false) => Node("ArgMin", ElementType.Int64, Reduced(a, axis, keep), [a], Attribute("axis", a.Axis(axis)), Attribute("keepdims", keep ? 1L : 0));

    public Value Sum(Value a, int axis, bool keep = false) => Reduce("ReduceSum", a, axis, keep, axesAreInput: true);

    public Value Mean(Value a, int axis, bool keep = false) => Reduce("ReduceMean", a, axis, keep, Opset >= 18);

    public Value Largest(Value a, int axis, bool keep = false) => Reduce("ReduceMax", a, axis, keep, Opset >= 18);

    public Value Smallest(Value a, int axis, bool keep = false) => Reduce("ReduceMin", a, axis, keep, Opset >= 18);

    /// <summary>The root of the sum of squares along one axis.</summary>
    public Value Length(Value a, int axis, bool keep = false) => Reduce("ReduceL2", a, axis, keep, Opset >= 18);

    Value Reduce(string operation, Value a, int axis, bool keep, bool axesAreInput) => axesAreInput
        ? Node(operation, a.Type, Reduced(a, axis, keep), [a, Whole([a.Axis(axis)])], Attribute("keepdims", keep ? 1L : 0))
        : Node(operation, a.Type, Reduced(a, axis, keep), [a], Attribute("axes", [a.Axis(axis)]), Attribute("keepdims", keep ? 1L : 0));

    static ImmutableArray<Dimension> Reduced(Value a, int axis, bool keep) => keep ? a.With(axis, 1) : a.Shape.RemoveAt(a.Axis(axis));
}
