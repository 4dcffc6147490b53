using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>The epilogue of one panel: takes a tile's sums while they are in the first-level cache and writes the output.</summary>
/// <param name="y">The output.</param>
/// <param name="column">The panel's first column.</param>
/// <param name="columns">How many of the panel's columns the output has.</param>
/// <param name="bias">[panel width], or null.</param>
/// <param name="activation">After the bias.</param>
/// <param name="scale">[panel width], or null.</param>
/// <param name="residual">Added last, or null.</param>
internal readonly unsafe struct Finish<T>(Matrix y, int column, int columns, float* bias, Activation activation, float* scale, Matrix? residual)
    where T : unmanaged, ISimd<T>
{
    /// <summary>Copies the panel's part of a vector to where whole registers of it can be read.</summary>
    /// <param name="from">[outputs], or null.</param>
    /// <param name="column">The panel's first column.</param>
    /// <param name="columns">The panel's columns.</param>
    /// <param name="to">[panel width].</param>
    /// <returns><paramref name="to"/>, or null where there is no vector.</returns>
    public static float* Fetch(float[]? from, int column, int columns, float* to)
    {
        if (from is null)
            return null;
        var part = new Span<float>(to, 2 * T.Count);
        part.Clear();
        from.AsSpan(column, columns).CopyTo(part);
        return to;
    }

    /// <summary>Asks for the lines that <see cref="Run"/> will touch, so that they come while the tile computes.</summary>
    [MethodImpl(AggressiveInlining)]
    public void Expect(int row, int rows)
    {
        if (!Sse.IsSupported)
            return;
        Lines(y, row, rows);
        if (residual is { } add && add.Pointer != y.Pointer)
            Lines(add, row, rows);
    }

    /// <summary>Writes rows [row, row + rows) of the panel.</summary>
    /// <param name="sums">[rows, panel width].</param>
    /// <param name="row">First row of the output.</param>
    /// <param name="rows">Number of rows.</param>
    public void Run(float* sums, int row, int rows)
    {
        switch (activation)
        {
            case Activation.Gelu:
                Rows<Activate<T>.GeluFunction>(sums, row, rows);
                break;
            case Activation.GeluTanh:
                Rows<Activate<T>.GeluTanhFunction>(sums, row, rows);
                break;
            case Activation.GeluQuick:
                Rows<Activate<T>.GeluQuickFunction>(sums, row, rows);
                break;
            case Activation.Silu:
                Rows<Activate<T>.SiluFunction>(sums, row, rows);
                break;
            default:
                Rows<Activate<T>.NoFunction>(sums, row, rows);
                break;
        }
    }

    void Lines(Matrix matrix, int row, int rows)
    {
        float* line = matrix.Pointer + ((nint)row * matrix.Stride) + column;
        for (int i = 0; i < rows; i++, line += matrix.Stride)
            for (int j = 0; j < columns; j += 16)
                Sse.Prefetch0(line + j);
    }

    [MethodImpl(AggressiveOptimization)]
    void Rows<TFunction>(float* sums, int row, int rows)
        where TFunction : struct, Activate<T>.IFunction
    {
        int n = T.Count, first = Math.Min(columns, n), second = columns - first;
        bool whole = columns == 2 * n, biased = bias != null, scaled = scale != null;
        T bias0 = biased ? T.Load(bias) : T.Zero, bias1 = biased ? T.Load(bias + n) : T.Zero;
        T scale0 = scaled ? T.Load(scale) : T.Zero, scale1 = scaled ? T.Load(scale + n) : T.Zero;
        nint stride = y.Stride, addStride = residual?.Stride ?? 0;
        float* to = y.Pointer + (row * stride) + column;
        float* add = residual is { } matrix ? matrix.Pointer + (row * addStride) + column : null;
        for (float* end = sums + ((nint)rows * 2 * n); sums < end; sums += 2 * n, to += stride, add += addStride)
        {
            T left = T.Load(sums), right = T.Load(sums + n);
            if (biased)
                (left, right) = (T.Add(left, bias0), T.Add(right, bias1));
            (left, right) = (TFunction.Run(left), TFunction.Run(right));
            if (scaled)
                (left, right) = (T.Mul(left, scale0), T.Mul(right, scale1));
            if (whole)
            {
                if (add != null)
                    (left, right) = (T.Add(left, T.Load(add)), T.Add(right, T.Load(add + n)));
                T.Store(left, to);
                T.Store(right, to + n);
                continue;
            }

            if (add != null)
                (left, right) = (T.Add(left, T.LoadPartial(add, first)), T.Add(right, T.LoadPartial(add + n, second)));
            T.StorePartial(left, to, first);
            T.StorePartial(right, to + n, second);
        }
    }
}
