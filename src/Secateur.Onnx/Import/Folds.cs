using System.Collections.Immutable;

namespace Secateur.Onnx.Import;

/// <summary>Operators of shape arithmetic and of masks that are neither moves nor work on each number by itself.</summary>
internal static class Folds
{
    /// <summary>What an operator gives.</summary>
    /// <param name="Shape">Its shape.</param>
    /// <param name="Numbers">Its numbers, for whoever can afford them; null where the inputs' are not known.</param>
    /// <param name="Integral">Whether these are whole.</param>
    public sealed record Folded(ImmutableArray<int> Shape, Func<double[]>? Numbers, bool Integral);

    /// <summary>Works out a node whose inputs' shapes are known; null where it is no such operator.</summary>
    public static Folded? Run(Node node, Edge to) => node.Op switch
    {
        "Shape" => ShapeOf(node),
        "Size" => new([], () => [node.In(0).Length], true),
        "Concat" => Concat(node),
        "ConstantOfShape" => ConstantOfShape(node),
        "Range" => Range(node),
        "Where" => Where(node),
        "CumSum" => CumSum(node),
        "Tile" => Tile(node),
        "Clip" => Clip(node),
        "GatherND" => GatherTuples(node),
        "ReduceSum" or "ReduceMean" or "ReduceMax" or "ReduceMin" or "ReduceProd" or "ReduceL2" => Reduce(node),
        _ => null,
    };

    static Folded ShapeOf(Node node)
    {
        ImmutableArray<int> shape = node.In(0).Shape!.Value;
        int start = End(node.Int("start", 0)), end = End(node.Int("end", shape.Length));
        int[] sides = [.. shape.Skip(start).Take(Math.Max(0, end - start))];
        return new([sides.Length], () => [.. sides.Select(side => (double)side)], true);

        int End(int at) => Math.Clamp(at < 0 ? at + shape.Length : at, 0, shape.Length);
    }

    static Folded Concat(Node node)
    {
        Edge[] parts = [.. Enumerable.Range(0, node.Inputs.Length).Select(node.In)];
        ImmutableArray<int> shape = node.In(0).Shape!.Value;
        int axis = node.Axis(node.Int("axis", 0), shape.Length);
        if (parts.Any(part => part.Rank != shape.Length || part.Shape!.Value.SetItem(axis, 0) is var other && !other.SequenceEqual(shape.SetItem(axis, 0))))
            throw node.Refuse("what it puts side by side has other sides");
        ImmutableArray<int> whole = Sizes.Checked([.. shape.SetItem(axis, Node.Clamp(parts.Sum(part => (double)part.Shape!.Value[axis])))]) ?? throw node.Refuse("what it puts side by side is too large");
        int outer = (int)Sizes.Product(shape[..axis]);
        return new(whole, parts.All(part => part.Numbers is not null) ? Numbers : null, parts.All(part => part.Integral));

        double[] Numbers()
        {
            var all = new List<double>();
            for (int i = 0; i < outer; i++)
                foreach (Edge part in parts)
                    all.AddRange(part.Numbers.AsSpan(part.Length / outer * i, part.Length / outer));
            return [.. all];
        }
    }

    static Folded ConstantOfShape(Node node)
    {
        int[] sides = node.Ints("", 0) ?? [];
        ImmutableArray<int> shape = Sizes.Checked(sides) ?? throw node.Refuse("its shape cannot be");
        StoredTensor? value = node.Tensor("value");
        double fill = value is { Length: 1 } ? value.Numbers()[0] : 0;
        return new(shape, () => [.. Enumerable.Repeat(fill, (int)Sizes.Product(shape))], value is { Floating: false });
    }

    static Folded? Range(Node node)
    {
        if (node.In(0).Number is not { } start || node.In(1).Number is not { } limit || node.In(2).Number is not { } step)
            return null;
        double count = Math.Max(0, Math.Ceiling((limit - start) / step));
        if (!(count <= Edge.MostNumbers))
            throw node.Refuse("it counts further than any network does");
        return new([(int)count], () => [.. Enumerable.Range(0, (int)count).Select(i => start + (i * step))], node.In(0).Integral);
    }

    static Folded Where(Node node)
    {
        (Edge condition, Edge a, Edge b) = (node.In(0), node.In(1), node.In(2));
        ImmutableArray<int> shape = (Sizes.Spread(condition.Shape!.Value, a.Shape!.Value) is { } two ? Sizes.Spread(two, b.Shape!.Value) : null)
            ?? throw node.Refuse("what it chooses between cannot be spread over each other");
        return new(shape, condition.Numbers is not null && a.Numbers is not null && b.Numbers is not null ? Numbers : null, a.Integral && b.Integral);

        double[] Numbers()
        {
            double[] which = Spread(condition), yes = Spread(a), no = Spread(b);
            return [.. which.Select((choice, i) => choice != 0 ? yes[i] : no[i])];
        }

        double[] Spread(Edge edge) => Sizes.Spreading(edge.Shape!.Value, shape).Apply(edge.Numbers!);
    }

    static Folded CumSum(Node node)
    {
        Edge x = node.In(0);
        ImmutableArray<int> shape = x.Shape!.Value;
        int axis = node.Axis(Node.Clamp(node.In(1).Number ?? throw node.Refuse("its axis is not known")), shape.Length), step = Sizes.Strides(shape)[axis];
        if (node.Int("reverse", 0) != 0 || node.Int("exclusive", 0) != 0)
            throw node.Refuse("it adds up backwards, or without the last");
        return new(shape, x.Numbers is null ? null : Numbers, x.Integral);

        double[] Numbers()
        {
            double[] sums = [.. x.Numbers!];
            for (int i = 0; i < sums.Length; i++)
                if (i / step % shape[axis] > 0)
                    sums[i] += sums[i - step];
            return sums;
        }
    }

    static Folded Tile(Node node)
    {
        Edge x = node.In(0);
        ImmutableArray<int> shape = x.Shape!.Value;
        int[] times = node.Ints("", 1) ?? [], strides = Sizes.Strides(shape);
        if (times.Length != shape.Length || times.Any(time => time < 0) || Sizes.Checked([.. shape.Select((side, axis) => Node.Clamp((double)side * times[axis]))]) is not { } wide)
            throw node.Refuse("its repeats do not fit its input");
        return new(wide, x.Numbers is null ? null : () => new Move(wide, [.. wide.Select((side, axis) => (int[])[.. Enumerable.Range(0, side).Select(i => i % shape[axis] * strides[axis])])]).Apply(x.Numbers), x.Integral);
    }

    static Folded? GatherTuples(Node node)
    {
        (Edge x, Edge indices) = (node.In(0), node.In(1));
        int depth = indices.Last();
        if (node.Int("batch_dims", 0) != 0 || depth < 1 || depth > x.Rank || indices.Numbers is not { } tuples)
            return null;
        (ImmutableArray<int> shape, int[] strides) = (x.Shape!.Value, Sizes.Strides(x.Shape!.Value));
        ImmutableArray<int> result = Sizes.Checked([.. indices.Shape!.Value[..^1], .. shape[depth..]]) ?? throw node.Refuse("what it looks up is too large");
        int each = (int)Sizes.Product(shape[depth..]);
        if (tuples.Where((at, i) => at != Math.Floor(at) || at < -shape[i % depth] || at >= shape[i % depth]).Any())
            throw node.Refuse("it looks up what is not there");
        return new(result, x.Numbers is null ? null : Numbers, x.Integral);

        double[] Numbers() => [.. tuples.Chunk(depth).SelectMany(tuple => x.Numbers.AsSpan(tuple.Select((at, i) => (int)(at < 0 ? at + shape[i] : at) * strides[i]).Sum(), each).ToArray())];
    }

    static Folded Clip(Node node)
    {
        Edge x = node.In(0);
        double least = node.Maybe(1) is { } low ? low.Number ?? double.NaN : double.NegativeInfinity, most = node.Maybe(2) is { } high ? high.Number ?? double.NaN : double.PositiveInfinity;
        bool known = x.Numbers is not null && !double.IsNaN(least) && !double.IsNaN(most);
        return new(x.Shape!.Value, known ? () => [.. x.Numbers!.Select(number => Math.Min(Math.Max(number, least), most))] : null, x.Integral);
    }

    static Folded Reduce(Node node)
    {
        Edge x = node.In(0);
        ImmutableArray<int> shape = x.Shape!.Value;
        int[] told = node.Ints("axes", 1) ?? [];
        if (told.Length == 0 && node.Int("noop_with_empty_axes", 0) == 1)
            return new(shape, x.Numbers is null ? null : () => x.Numbers, x.Integral);
        int[] axes = told.Length == 0 ? [.. Enumerable.Range(0, shape.Length)] : node.Axes(told, shape.Length);
        ImmutableArray<int> wide = [.. shape.Select((side, axis) => axes.Contains(axis) ? 1 : side)];
        bool keeps = node.Int("keepdims", 1) == 1;
        ImmutableArray<int> result = keeps ? wide : [.. shape.Where((_, axis) => !axes.Contains(axis))];
        return new(result, x.Numbers is null || x.Length == 0 ? null : Numbers, x.Integral);

        double[] Numbers()
        {
            int[] places = Sizes.Spreading(wide, shape).Apply([.. Enumerable.Range(0, (int)Sizes.Product(wide))]);
            var groups = x.Numbers!.Zip(places).GroupBy(pair => pair.Second, pair => pair.First).OrderBy(group => group.Key);
            return [.. groups.Select(group => node.Op switch
            {
                "ReduceSum" => group.Sum(),
                "ReduceMean" => group.Average(),
                "ReduceMax" => group.Max(),
                "ReduceMin" => group.Min(),
                "ReduceL2" => Math.Sqrt(group.Sum(number => number * number)),
                _ => group.Aggregate(1.0, (a, b) => a * b),
            })];
        }
    }
}
