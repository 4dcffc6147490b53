using System.Runtime.CompilerServices;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>The gradient of layer normalisation with respect to what enters it: with n the normed row, r one over the deviation and
/// h = scale * gradient, r (h - mean(h) - n mean(h n)).</summary>
internal static unsafe class LayerNormBackward<T>
    where T : unmanaged, ISimd<T>
{
    internal static void Run(Threads threads, Matrix x, float[] scale, float epsilon, Matrix gradient, Matrix? residual, Matrix result)
    {
        if (x.Rows != gradient.Rows || x.Columns != gradient.Columns || x.Rows != result.Rows || x.Columns != result.Columns || scale.Length != x.Columns)
            throw new ArgumentException($"Rows of [{x.Rows}, {x.Columns}] scaled by [{scale.Length}], with a gradient of [{gradient.Rows}, {gradient.Columns}], cannot fill [{result.Rows}, {result.Columns}].");
        if (residual is { } add && (add.Rows != x.Rows || add.Columns != x.Columns))
            throw new ArgumentException($"A residual of [{add.Rows}, {add.Columns}] cannot be added to [{x.Rows}, {x.Columns}].", nameof(residual));
        threads.For(RowChunk.Count(x.Rows), new Work(x, scale, epsilon, gradient, residual, result));
    }

    readonly struct Work(Matrix x, float[] scale, float epsilon, Matrix gradient, Matrix? residual, Matrix result) : IWork
    {
        public void Run(int task, int worker)
        {
            fixed (float* s = scale)
                for (int row = RowChunk.Start(task); row < RowChunk.End(task, x.Rows); row++)
                    Row(x.Pointer + ((nint)row * x.Stride), x.Columns, s, epsilon, gradient.Pointer + ((nint)row * gradient.Stride),
                        residual is { } add ? add.Pointer + ((nint)row * add.Stride) : null, result.Pointer + ((nint)row * result.Stride));
        }
    }

    // The mean is taken in two steps as in the way forth: a mean, then the mean of the differences from it. Partial loads yield zeros
    // after the end, which must not enter the sums of differences: these go over whole registers, and float by float after them.
    [MethodImpl(AggressiveOptimization)]
    static void Row(float* x, int n, float* scale, float epsilon, float* gradient, float* residual, float* result)
    {
        int w = T.Count, whole = n / w * w, rest = n - whole, i;
        T sums = T.LoadPartial(x + whole, rest);
        for (i = 0; i < whole; i += w)
            sums = T.Add(sums, T.Load(x + i));
        float near = T.Sum(sums) / n;
        T center = T.Broadcast(near), squares = T.Zero;
        sums = T.Zero;
        for (i = 0; i < whole; i += w)
        {
            T d = T.Sub(T.Load(x + i), center);
            sums = T.Add(sums, d);
            squares = T.Fma(d, d, squares);
        }

        float sum = T.Sum(sums), square = T.Sum(squares);
        for (i = whole; i < n; i++)
            (sum, square) = (sum + x[i] - near, square + ((x[i] - near) * (x[i] - near)));
        float off = sum / n, mean = near + off, factor = 1 / MathF.Sqrt(MathF.Max((square / n) - (off * off), 0) + epsilon);
        T h = T.Mul(T.LoadPartial(scale + whole, rest), T.LoadPartial(gradient + whole, rest)), plain = h;
        center = T.Broadcast(mean);
        T product = T.Mul(h, T.Sub(T.LoadPartial(x + whole, rest), center)); // h is zero after the end
        for (i = 0; i < whole; i += w)
        {
            h = T.Mul(T.Load(scale + i), T.Load(gradient + i));
            plain = T.Add(plain, h);
            product = T.Fma(h, T.Sub(T.Load(x + i), center), product);
        }

        T factors = T.Broadcast(factor), meanH = T.Broadcast(T.Sum(plain) / n), slope = T.Broadcast(T.Sum(product) / n * factor * factor);
        for (i = 0; i < n; i += w)
        {
            int count = Math.Min(w, n - i);
            h = T.Mul(T.LoadPartial(scale + i, count), T.LoadPartial(gradient + i, count));
            T inner = T.Sub(T.Sub(h, meanH), T.Mul(T.Sub(T.LoadPartial(x + i, count), center), slope));
            T add = residual == null ? T.Zero : T.LoadPartial(residual + i, count);
            T.StorePartial(T.Fma(factors, inner, add), result + i, count);
        }
    }
}
