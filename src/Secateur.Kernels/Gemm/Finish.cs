using System.Runtime.CompilerServices;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>The epilogue of one panel: takes a tile's sums while they are in the first-level cache and writes the output.</summary>
internal readonly unsafe struct Finish<T>(Epilogue epilogue, Matrix y, int column, int columns)
    where T : unmanaged, ISimd<T>
{
    /// <summary>Writes rows [row, row + rows) of the panel.</summary>
    /// <param name="sums">[rows, panel width]; used up.</param>
    /// <param name="row">First row of the output.</param>
    /// <param name="rows">Number of rows.</param>
    [MethodImpl(AggressiveOptimization)]
    public void Run(float* sums, int row, int rows)
    {
        int width = 2 * T.Count;
        float* scale = stackalloc float[width], bias = stackalloc float[width];
        bool scaled = Fetch(epilogue.Scale, scale), biased = Fetch(epilogue.Bias, bias);
        T bias0 = biased ? T.Load(bias) : T.Zero, bias1 = biased ? T.Load(bias + T.Count) : T.Zero;
        if (epilogue.Activation != Activation.None)
        {
            for (float* sum = sums, end = sums + (rows * width); sum < end; sum += width)
            {
                T.Store(T.Add(T.Load(sum), bias0), sum);
                T.Store(T.Add(T.Load(sum + T.Count), bias1), sum + T.Count);
            }

            Activate<T>.Run(epilogue.Activation, sums, rows * width);
            bias0 = bias1 = T.Zero;
        }

        T scale0 = scaled ? T.Load(scale) : T.Broadcast(1), scale1 = scaled ? T.Load(scale + T.Count) : T.Broadcast(1);
        float* to = y.Pointer + ((nint)row * y.Stride) + column;
        float* add = epilogue.Residual is { } residual ? residual.Pointer + ((nint)row * residual.Stride) + column : null;
        nint addStride = epilogue.Residual?.Stride ?? 0;
        for (int i = 0; i < rows; i++, sums += width, to += y.Stride, add += addStride)
        {
            T left = T.Mul(T.Add(T.Load(sums), bias0), scale0), right = T.Mul(T.Add(T.Load(sums + T.Count), bias1), scale1);
            if (columns == width)
            {
                if (addStride != 0)
                    (left, right) = (T.Add(left, T.Load(add)), T.Add(right, T.Load(add + T.Count)));
                T.Store(left, to);
                T.Store(right, to + T.Count);
                continue;
            }

            int first = Math.Min(columns, T.Count), second = columns - first;
            if (addStride != 0)
                (left, right) = (T.Add(left, T.LoadPartial(add, first)), T.Add(right, T.LoadPartial(add + T.Count, second)));
            T.StorePartial(left, to, first);
            T.StorePartial(right, to + T.Count, second);
        }
    }

    bool Fetch(float[]? from, float* to)
    {
        if (from is null)
            return false;
        new Span<float>(to, 2 * T.Count).Clear();
        from.AsSpan(column, columns).CopyTo(new Span<float>(to, 2 * T.Count));
        return true;
    }
}
