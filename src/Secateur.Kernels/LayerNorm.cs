using System.Runtime.CompilerServices;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>Layer normalisation (Ba, Kiros and Hinton, 2016).</summary>
internal static unsafe class LayerNorm<T>
    where T : unmanaged, ISimd<T>
{
    internal static void Run(Threads threads, Matrix x, float[] scale, float[] shift, float epsilon, Matrix y)
    {
        if (x.Rows != y.Rows || x.Columns != y.Columns || scale.Length != x.Columns || shift.Length != x.Columns)
            throw new ArgumentException($"Rows of [{x.Rows}, {x.Columns}] cannot be scaled by [{scale.Length}], shifted by [{shift.Length}] and fill [{y.Rows}, {y.Columns}].");
        threads.For(RowChunk.Count(x.Rows), new Work(x, scale, shift, epsilon, y));
    }

    readonly struct Work(Matrix x, float[] scale, float[] shift, float epsilon, Matrix y) : IWork
    {
        public void Run(int task, int worker)
        {
            fixed (float* s = scale, b = shift)
                for (int row = RowChunk.Start(task); row < RowChunk.End(task, x.Rows); row++)
                    Row(x.Pointer + ((nint)row * x.Stride), x.Columns, s, b, epsilon, y.Pointer + ((nint)row * y.Stride));
        }
    }

    /// <summary>One row: a mean, then the mean and the mean square of the differences from it. The second mean, nearly 0, takes away what
    /// rounding left in the first, which matters where a few features are far larger than the rest.</summary>
    [MethodImpl(AggressiveOptimization)]
    static void Row(float* x, int n, float* scale, float* shift, float epsilon, float* y)
    {
        int w = T.Count, whole = n / w * w;
        T a = T.Zero, b = T.Zero;
        int i = 0;
        for (; i < whole - w; i += 2 * w)
        {
            a = T.Add(a, T.Load(x + i));
            b = T.Add(b, T.Load(x + i + w));
        }

        if (i < whole)
            a = T.Add(a, T.Load(x + i));
        float sum = T.Sum(T.Add(a, b));
        for (i = whole; i < n; i++)
            sum += x[i];
        float near = sum / n;
        T center = T.Broadcast(near), squares = T.Zero, squares2 = T.Zero;
        (a, b) = (T.Zero, T.Zero);
        for (i = 0; i < whole - w; i += 2 * w)
        {
            T d = T.Sub(T.Load(x + i), center), e = T.Sub(T.Load(x + i + w), center);
            a = T.Add(a, d);
            b = T.Add(b, e);
            squares = T.Fma(d, d, squares);
            squares2 = T.Fma(e, e, squares2);
        }

        if (i < whole)
        {
            T d = T.Sub(T.Load(x + i), center);
            a = T.Add(a, d);
            squares = T.Fma(d, d, squares);
        }

        sum = T.Sum(T.Add(a, b));
        float square = T.Sum(T.Add(squares, squares2));
        for (i = whole; i < n; i++)
        {
            float d = x[i] - near;
            sum += d;
            square += d * d;
        }

        float off = sum / n, variance = MathF.Max((square / n) - (off * off), 0), mean = near + off, factor = 1 / MathF.Sqrt(variance + epsilon);
        center = T.Broadcast(mean);
        T factors = T.Broadcast(factor);
        for (i = 0; i < whole; i += w)
            T.Store(T.Fma(T.Mul(T.Sub(T.Load(x + i), center), factors), T.Load(scale + i), T.Load(shift + i)), y + i);
        for (; i < n; i++)
            y[i] = MathF.FusedMultiplyAdd((x[i] - mean) * factor, scale[i], shift[i]);
    }
}
