using System.Collections.Immutable;

namespace Secateur.Onnx.Import;

/// <summary>Shapes as numbers.</summary>
internal static class Sizes
{
    /// <summary>How many numbers a shape holds; -1 where a side is negative or there are more than fit into an array.</summary>
    public static long Product(ImmutableArray<int> shape)
    {
        long product = 1;
        foreach (int side in shape)
            if (side < 0 || (product *= side) > int.MaxValue)
                return -1;
        return product;
    }

    /// <summary>The shape of two that are spread over each other; null where they do not fit.</summary>
    public static ImmutableArray<int>? Spread(ImmutableArray<int> a, ImmutableArray<int> b)
    {
        int rank = Math.Max(a.Length, b.Length);
        var shape = new int[rank];
        for (int i = 1; i <= rank; i++)
        {
            int first = i <= a.Length ? a[^i] : 1, second = i <= b.Length ? b[^i] : 1;
            if (first != second && first != 1 && second != 1)
                return null;
            shape[^i] = first == 1 ? second : first;
        }

        return Checked(shape);
    }

    /// <summary>A shape; null where it is none.</summary>
    public static ImmutableArray<int>? Checked(ReadOnlySpan<int> sides) => ImmutableArray.Create(sides) is var shape && Product(shape) >= 0 ? shape : null;

    /// <summary>How far two neighbours on each axis lie apart.</summary>
    public static int[] Strides(ImmutableArray<int> shape)
    {
        var strides = new int[shape.Length];
        for (int i = shape.Length - 1, step = 1; i >= 0; step *= shape[i--])
            strides[i] = step;
        return strides;
    }

    /// <summary>For each number of a shape, its place in a smaller one that is spread over it.</summary>
    public static Move Spreading(ImmutableArray<int> from, ImmutableArray<int> to)
    {
        int[] strides = Strides(from);
        var tables = new int[to.Length][];
        for (int axis = 0; axis < to.Length; axis++)
        {
            int old = axis - (to.Length - from.Length), step = old >= 0 && from[old] != 1 ? strides[old] : 0;
            tables[axis] = [.. Enumerable.Range(0, to[axis]).Select(i => i * step)];
        }

        return new(to, tables);
    }
}
