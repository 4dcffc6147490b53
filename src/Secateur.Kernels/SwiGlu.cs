using Secateur.Kernels.Simd;

namespace Secateur.Kernels;

/// <summary>The gated unit of Shazeer (2020): silu(gate) * value.</summary>
internal static unsafe class SwiGlu<T>
    where T : unmanaged, ISimd<T>
{
    internal static void Run(Threads threads, Matrix x, Matrix y) => threads.For(x.Rows, new Work(x, y));

    readonly struct Work(Matrix x, Matrix y) : IWork
    {
        public void Run(int row, int worker)
        {
            Span<float> from = x.Row(row), to = y.Row(row);
            for (int i = 0; i < to.Length; i++)
                to[i] = (float)(from[i] / (1 + Math.Exp(-from[i]))) * from[to.Length + i];
        }
    }
}
