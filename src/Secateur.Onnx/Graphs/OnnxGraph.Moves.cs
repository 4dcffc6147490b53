using System.Collections.Immutable;

namespace Secateur.Onnx.Graphs;

/// <content>Operators that move numbers and change none.</content>
internal sealed partial class OnnxGraph
{
    public Value Transpose(Value a, params ReadOnlySpan<long> order)
    {
        var shape = ImmutableArray.CreateBuilder<Dimension>(order.Length);
        foreach (long axis in order)
            shape.Add(a.Shape[(int)axis]);
        return Node("Transpose", a.Type, shape.MoveToImmutable(), [a], Attribute("perm", order));
    }

    /// <summary>The same numbers in another shape. At most one side may be known by name and stand elsewhere than in <paramref name="a"/>.</summary>
    public Value Reshape(Value a, params ReadOnlySpan<Dimension> shape)
    {
        if (shape.SequenceEqual(a.Shape.AsSpan()))
            return a;
        if (reshaped.TryGetValue(a.Name, out Value? before))
            return Reshape(before, shape);
        var sides = new long[shape.Length];
        for (int i = 0; i < sides.Length; i++)
            sides[i] = shape[i].Known ? shape[i].Size : i < a.Rank && a.Shape[i] == shape[i] ? 0 : -1;
        if (sides.Count(side => side < 0) > 1)
            throw new ArgumentException($"Reshape: {a} cannot become a tensor with {sides.Count(side => side < 0)} sides known by name.");
        Value given = Node("Reshape", a.Type, [.. shape], [a, Whole(sides)]);
        reshaped[given.Name] = a;
        return given;
    }

    /// <summary>Numbers added up, from the first to the last.</summary>
    public Value Total(params ReadOnlySpan<Value> parts)
    {
        ImmutableArray<Dimension> shape = parts[0].Shape;
        foreach (Value part in parts[1..])
            shape = SpreadShape("Sum", shape, part.Shape);
        return Node("Sum", parts[0].Type, shape, parts);
    }

    /// <summary>A row of this many for each index: one number at the index, another everywhere else.</summary>
    /// <param name="indices">From 0 to below <paramref name="depth"/>, int64 [...].</param>
    /// <param name="depth">How many.</param>
    /// <param name="on">At the index.</param>
    /// <param name="off">Elsewhere.</param>
    /// <returns>[..., depth].</returns>
    public Value OneHot(Value indices, int depth, float on, float off) =>
        Node("OneHot", ElementType.Float, indices.Shape.Add(depth), [indices, Number((long)depth), Numbers([off, on])], Attribute("axis", -1L));

    public Value Unsqueeze(Value a, int axis) => Node("Unsqueeze", a.Type, a.Shape.Insert(axis < 0 ? axis + a.Rank + 1 : axis, 1), [a, Whole([axis])]);

    public Value Squeeze(Value a, int axis) => Node("Squeeze", a.Type, a.Shape.RemoveAt(a.Axis(axis)), [a, Whole([axis])]);

    /// <summary>Repeats sides of 1 until the shape is this one.</summary>
    /// <param name="a">What is repeated.</param>
    /// <param name="like">Whose shape it takes; a constant shape is written where every side is known.</param>
    public Value Expand(Value a, Value like)
    {
        Value shape = like.Shape.All(side => side.Known) ? Whole([.. like.Shape.Select(side => (long)side.Size)]) : ShapeOf(like);
        return Node("Expand", a.Type, SpreadShape("Expand", a.Shape, like.Shape), [a, shape]);
    }

    /// <summary>The sides of a value, when the graph runs.</summary>
    public Value ShapeOf(Value a) => Node("Shape", ElementType.Int64, [a.Rank], [a]);

    public Value Concat(int axis, params ReadOnlySpan<Value> parts)
    {
        if (parts.Length == 1)
            return parts[0];
        int total = 0;
        foreach (Value part in parts)
            total += part.Size(axis);
        return Node("Concat", parts[0].Type, parts[0].With(axis, total), parts, Attribute("axis", parts[0].Axis(axis)));
    }

    /// <summary>[from, to) along one axis, every <paramref name="step"/>-th of them.</summary>
    public Value Slice(Value a, int axis, int from, int to, int step = 1)
    {
        if (from == 0 && step == 1 && a.Side(axis) == to)
            return a;
        return Node("Slice", a.Type, a.With(axis, (to - from + step - 1) / step), [a, Whole([from]), Whole([to]), Whole([axis]), Whole([step])]);
    }

    /// <summary>Equal or unequal parts along one axis.</summary>
    public Value[] Split(Value a, int axis, params ReadOnlySpan<long> sizes)
    {
        var given = new (ElementType, ImmutableArray<Dimension>)[sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
            given[i] = (a.Type, a.With(axis, (int)sizes[i]));
        return Nodes("Split", [a, Whole(sizes)], given, Attribute("axis", a.Axis(axis)));
    }

    /// <summary>Rows by constant or computed indices, the same for the whole batch: the axis is replaced by the shape of the indices.</summary>
    public Value Gather(Value a, Value indices, int axis) =>
        Node("Gather", a.Type, [.. a.Shape[..a.Axis(axis)], .. indices.Shape, .. a.Shape[(a.Axis(axis) + 1)..]], [a, indices], Attribute("axis", a.Axis(axis)));

    /// <summary>One number for each index: the indices have as many axes as <paramref name="a"/>.</summary>
    public Value GatherElements(Value a, Value indices, int axis) =>
        Node("GatherElements", a.Type, indices.Shape, [a, indices], Attribute("axis", a.Axis(axis)));
}
