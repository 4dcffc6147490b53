using Secateur.Kernels.Simd;

namespace Secateur.Kernels;

/// <summary>Layer normalisation (Ba, Kiros and Hinton, 2016).</summary>
internal static unsafe class LayerNorm<T>
    where T : unmanaged, ISimd<T>
{
    internal static void Run(Threads threads, Matrix x, float[] scale, float[] shift, float epsilon, Matrix y) =>
        threads.For(x.Rows, new Work(x, scale, shift, epsilon, y));

    readonly struct Work(Matrix x, float[] scale, float[] shift, float epsilon, Matrix y) : IWork
    {
        public void Run(int row, int worker)
        {
            Span<float> from = x.Row(row), to = y.Row(row);
            double mean = 0, variance = 0;
            foreach (float value in from)
                mean += value;
            mean /= from.Length;
            foreach (float value in from)
                variance += (value - mean) * (value - mean);
            double factor = 1 / Math.Sqrt((variance / from.Length) + epsilon);
            for (int i = 0; i < from.Length; i++)
                to[i] = (float)((from[i] - mean) * factor * scale[i]) + shift[i];
        }
    }
}
