using System.Runtime.CompilerServices;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>The gradient of the gated unit silu(gate) * value.</summary>
internal static unsafe class SwiGluBackward<T>
    where T : unmanaged, ISimd<T>
{
    internal static void Run(Threads threads, Matrix x, Matrix gradient, Matrix result)
    {
        if (x.Rows != gradient.Rows || x.Columns != 2 * gradient.Columns || result.Rows != x.Rows || result.Columns != x.Columns)
            throw new ArgumentException($"Gates and values of [{x.Rows}, {x.Columns}] and a gradient of [{gradient.Rows}, {gradient.Columns}] do not make [{result.Rows}, {result.Columns}].");
        threads.For(RowChunk.Count(x.Rows), new Work(x, gradient, result));
    }

    readonly struct Work(Matrix x, Matrix gradient, Matrix result) : IWork
    {
        public void Run(int task, int worker)
        {
            for (int row = RowChunk.Start(task); row < RowChunk.End(task, x.Rows); row++)
                Row(x.Pointer + ((nint)row * x.Stride), gradient.Columns, gradient.Pointer + ((nint)row * gradient.Stride), result.Pointer + ((nint)row * result.Stride));
        }
    }

    [MethodImpl(AggressiveOptimization)]
    static void Row(float* x, int n, float* gradient, float* result)
    {
        int i = 0;
        for (; i <= n - T.Count; i += T.Count)
        {
            T gate = T.Load(x + i), g = T.Load(gradient + i);
            T.Store(T.Mul(T.Mul(g, T.Load(x + n + i)), ActivateBackward<T>.Silu(gate)), result + i);
            T.Store(T.Mul(g, Activate<T>.Silu(gate)), result + n + i);
        }

        if (i == n)
            return;
        T lastGate = T.LoadPartial(x + i, n - i), last = T.LoadPartial(gradient + i, n - i);
        T.StorePartial(T.Mul(T.Mul(last, T.LoadPartial(x + n + i, n - i)), ActivateBackward<T>.Silu(lastGate)), result + i, n - i);
        T.StorePartial(T.Mul(last, Activate<T>.Silu(lastGate)), result + n + i, n - i);
    }
}
