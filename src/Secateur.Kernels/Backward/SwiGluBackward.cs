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

    // The same instructions for whole registers and the rest, as in ActivateBackward.
    [MethodImpl(AggressiveOptimization | NoInlining)]
    static void Row(float* x, int n, float* gradient, float* result)
    {
        for (int i = 0; i < n; i += T.Count)
        {
            int count = Math.Min(T.Count, n - i);
            bool whole = count == T.Count;
            T gate = whole ? T.Load(x + i) : T.LoadPartial(x + i, count), value = whole ? T.Load(x + n + i) : T.LoadPartial(x + n + i, count);
            T g = whole ? T.Load(gradient + i) : T.LoadPartial(gradient + i, count);
            T gates = T.Mul(T.Mul(g, value), ActivateBackward<T>.Silu(gate)), values = T.Mul(g, Activate<T>.Silu(gate));
            if (whole)
            {
                T.Store(gates, result + i);
                T.Store(values, result + n + i);
            }
            else
            {
                T.StorePartial(gates, result + i, count);
                T.StorePartial(values, result + n + i, count);
            }
        }
    }
}
