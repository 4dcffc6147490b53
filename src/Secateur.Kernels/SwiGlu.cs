using System.Runtime.CompilerServices;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>The gated unit of Shazeer (2020): silu(gate) * value.</summary>
internal static unsafe class SwiGlu<T>
    where T : unmanaged, ISimd<T>
{
    internal static void Run(Threads threads, Matrix x, Matrix y)
    {
        if (x.Rows != y.Rows || x.Columns != 2 * y.Columns)
            throw new ArgumentException($"Gates and values of [{x.Rows}, {x.Columns}] do not make [{y.Rows}, {y.Columns}].");
        threads.For(RowChunk.Count(x.Rows), new Work(x, y));
    }

    readonly struct Work(Matrix x, Matrix y) : IWork
    {
        public void Run(int task, int worker)
        {
            for (int row = RowChunk.Start(task); row < RowChunk.End(task, x.Rows); row++)
                Row(x.Pointer + ((nint)row * x.Stride), y.Columns, y.Pointer + ((nint)row * y.Stride));
        }
    }

    [MethodImpl(AggressiveOptimization)]
    static void Row(float* gates, int n, float* y)
    {
        float* values = gates + n;
        int i = 0;
        for (; i <= n - T.Count; i += T.Count)
            T.Store(T.Mul(Activate<T>.Silu(T.Load(gates + i)), T.Load(values + i)), y + i);
        if (i < n)
            T.StorePartial(T.Mul(Activate<T>.Silu(T.LoadPartial(gates + i, n - i)), T.LoadPartial(values + i, n - i)), y + i, n - i);
    }
}
