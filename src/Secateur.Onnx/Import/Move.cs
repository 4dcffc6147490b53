using System.Collections.Immutable;

namespace Secateur.Onnx.Import;

/// <summary>What an operator does that only moves numbers: for each number of its output, its place in the input. So every way to cut heads out of a matrix
/// (Reshape and Transpose, Split, Slice, Gather, ...) is the same to whoever asks which column went where.</summary>
/// <param name="Shape">The shape of the output.</param>
/// <param name="Tables">The place is the sum of one entry of each table, by the output's axes (which may be taken together); null where nothing moves.</param>
internal sealed record Move(ImmutableArray<int> Shape, int[][]? Tables = null)
{
    /// <summary>What a node moves from its first input to one of its outputs; null where it is no such operator.</summary>
    /// <param name="edge">The output.</param>
    public static Move? Of(Edge edge)
    {
        if (edge.Producer is not { } node || node.Maybe(0) is not { Shape: { } shape } from)
            return null;
        return node.Op switch
        {
            "Identity" or "Cast" or "Dropout" => new(shape),
            "Reshape" => Reshape(node, shape),
            "Flatten" => Flatten(node, shape),
            "Squeeze" => Squeeze(node, shape),
            "Unsqueeze" => Unsqueeze(node, shape),
            "Transpose" => Transpose(node, shape),
            "Slice" => Slice(node, shape),
            "Gather" => Gather(node, shape),
            "Split" => Split(node, shape, edge.Output),
            "Expand" => Expand(node, shape),
            "Resize" => Resize(node, shape),
            _ => null,
        };
    }

    /// <summary>Moves numbers.</summary>
    /// <param name="from">The input's.</param>
    public T[] Apply<T>(T[] from)
    {
        if (Tables is null)
            return from;
        var to = new T[Sizes.Product(Shape)];
        if (to.Length > 0)
            Fill(from, to, 0, 0, 0, to.Length);
        return to;
    }

    void Fill<T>(T[] from, T[] to, int axis, int place, int start, int length)
    {
        if (axis == Tables!.Length)
        {
            to[start] = from[place];
            return;
        }

        int[] table = Tables[axis];
        int step = length / table.Length;
        for (int i = 0; i < table.Length; i++)
            Fill(from, to, axis + 1, place + table[i], start + (i * step), step);
    }

    static Move Reshape(Node node, ImmutableArray<int> shape)
    {
        int[] wanted = node.Ints("shape", 1) ?? throw node.Refuse("nothing says to what shape");
        int open = -1, allowZero = node.Int("allowzero", 0);
        long known = 1;
        for (int i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] == 0 && allowZero == 0)
                wanted[i] = i < shape.Length ? shape[i] : throw node.Refuse($"there is no side {i} to keep");
            if (wanted[i] != -1)
                known = wanted[i] < 0 || known * wanted[i] > int.MaxValue ? throw node.Refuse($"a shape of [{string.Join(", ", wanted.Take(16))}] cannot be") : known * wanted[i];
            else
                open = open < 0 ? i : throw node.Refuse("it leaves two sides open");
        }

        long all = Sizes.Product(shape);
        if (open >= 0)
            wanted[open] = known > 0 && all % known == 0 ? (int)(all / known) : throw node.Refuse($"[{string.Join(", ", shape)}] does not divide into [{string.Join(", ", wanted)}]");
        else if (known != all)
            throw node.Refuse($"[{string.Join(", ", shape)}] does not fit into [{string.Join(", ", wanted)}]");
        return new([.. wanted]);
    }

    static Move Flatten(Node node, ImmutableArray<int> shape)
    {
        int axis = node.Int("axis", 1);
        axis = axis == shape.Length ? axis : node.Axis(axis, shape.Length);
        return new([(int)Sizes.Product(shape[..axis]), (int)Sizes.Product(shape[axis..])]);
    }

    static Move Squeeze(Node node, ImmutableArray<int> shape)
    {
        int[]? axes = node.Ints("axes", 1) is { } told ? node.Axes(told, shape.Length) : null;
        if (axes?.Any(axis => shape[axis] != 1) == true)
            throw node.Refuse($"a side of [{string.Join(", ", shape)}] that it leaves out is not 1");
        return new([.. shape.Where((side, axis) => axes is null ? side != 1 : !axes.Contains(axis))]);
    }

    static Move Unsqueeze(Node node, ImmutableArray<int> shape)
    {
        int[] axes = node.Ints("axes", 1) ?? throw node.Refuse("nothing says which sides are new");
        int rank = shape.Length + axes.Length;
        axes = [.. node.Axes(axes, rank).Distinct()];
        if (shape.Length + axes.Length != rank)
            throw node.Refuse("it names a side twice");
        int next = 0;
        return new([.. Enumerable.Range(0, rank).Select(axis => axes.Contains(axis) ? 1 : shape[next++])]);
    }

    static Move Transpose(Node node, ImmutableArray<int> shape)
    {
        int[] order = node.Ints("perm") ?? [.. Enumerable.Range(0, shape.Length).Reverse()], strides = Sizes.Strides(shape);
        if (order.Length != shape.Length || order.Distinct().Count() != order.Length || order.Any(axis => axis < 0 || axis >= shape.Length))
            throw node.Refuse($"[{string.Join(", ", order.Take(16))}] is no order of {shape.Length} sides");
        return new([.. order.Select(axis => shape[axis])], [.. order.Select(axis => Table(shape[axis], i => i * strides[axis]))]);
    }

    static Move Slice(Node node, ImmutableArray<int> shape)
    {
        int[] starts = node.Ints("starts", 1) ?? [], ends = node.Ints("ends", 2) ?? [];
        int[] axes = node.Axes(node.Ints("axes", 3) ?? [.. Enumerable.Range(0, starts.Length)], shape.Length);
        int[] steps = node.Ints("steps", 4) ?? [.. starts.Select(_ => 1)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length || steps.Contains(0) || axes.Distinct().Count() != axes.Length)
            throw node.Refuse("its starts, ends, axes and steps do not fit together");
        int[] strides = Sizes.Strides(shape);
        int[][] tables = [.. shape.Select((side, axis) => Table(side, i => i * strides[axis]))];
        for (int k = 0; k < axes.Length; k++)
        {
            (long side, long step) = (shape[axes[k]], steps[k]);
            long start = Math.Clamp(starts[k] < 0 ? starts[k] + side : starts[k], 0, step > 0 ? side : side - 1);
            long end = Math.Clamp(ends[k] < 0 ? Math.Max(ends[k] + side, -1) : ends[k], step > 0 ? 0 : -1, side);
            long count = side == 0 ? 0 : Math.Max(0, (end - start + step - Math.Sign(step)) / step);
            tables[axes[k]] = Table((int)count, i => (int)(start + (i * step)) * strides[axes[k]]);
        }

        return new([.. tables.Select(table => table.Length)], tables);
    }

    static Move? Gather(Node node, ImmutableArray<int> shape)
    {
        if (node.Maybe(1) is not { Shape: { } indices, Numbers: { } numbers })
            return null;
        int axis = node.Axis(node.Int("axis", 0), shape.Length);
        int[] strides = Sizes.Strides(shape);
        ImmutableArray<int> result = [.. shape[..axis], .. indices, .. shape[(axis + 1)..]];
        if (Sizes.Product(result) < 0 || numbers.Any(number => number != Math.Floor(number) || number < -shape[axis] || number >= shape[axis]))
            throw node.Refuse($"it looks up what is not in {shape[axis]}");
        int[][] tables = [.. shape.Select((side, a) => a == axis ? Table(numbers.Length, i => (int)(numbers[i] < 0 ? numbers[i] + side : numbers[i]) * strides[a]) : Table(side, i => i * strides[a]))];
        return new(result, tables);
    }

    static Move Split(Node node, ImmutableArray<int> shape, int output)
    {
        int axis = node.Axis(node.Int("axis", 0), shape.Length), parts = node.Outputs.Length, side = shape[axis], each = (side + parts - 1) / parts;
        int[] lengths = node.Ints("split", 1) ?? [.. Enumerable.Range(0, parts).Select(i => Math.Clamp(side - (i * each), 0, each))];
        if (lengths.Length != parts || lengths.Any(length => length < 0) || lengths.Sum(length => (long)length) != side)
            throw node.Refuse($"{side} do not divide into {string.Join(", ", lengths.Take(16))}");
        int[] strides = Sizes.Strides(shape);
        int start = lengths[..output].Sum();
        int[][] tables = [.. shape.Select((all, a) => a == axis ? Table(lengths[output], i => (start + i) * strides[a]) : Table(all, i => i * strides[a]))];
        return new([.. tables.Select(table => table.Length)], tables);
    }

    static Move Expand(Node node, ImmutableArray<int> shape)
    {
        int[] wanted = node.Ints("shape", 1) ?? throw node.Refuse("nothing says to what shape");
        return Sizes.Checked(wanted) is { } target && Sizes.Spread(shape, target) is { } wide
            ? Sizes.Spreading(shape, wide)
            : throw node.Refuse($"[{string.Join(", ", shape)}] cannot be spread over [{string.Join(", ", wanted.Take(16))}]");
    }

    // Position embeddings are resampled in a graph that takes pictures of any size; for the size that they are for, nothing happens.
    static Move? Resize(Node node, ImmutableArray<int> shape) => (node.Maybe(3)?.Numbers, node.Maybe(2)?.Numbers) switch
    {
        ({ Length: > 0 } sizes, _) => sizes.SequenceEqual(shape.Select(side => (double)side)) ? new(shape) : null,
        (_, { Length: > 0 } scales) => scales.Length == shape.Length && scales.All(scale => Math.Abs(scale - 1) < 1e-6) ? new(shape) : null,
        _ => null,
    };

    static int[] Table(int count, Func<int, int> entry) => [.. Enumerable.Range(0, count).Select(entry)];
}
