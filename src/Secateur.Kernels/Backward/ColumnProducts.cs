using System.Runtime.CompilerServices;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>Inner products of the columns of two matrices over the rows of each sequence. Each sum is one multiply-add chain in row order.</summary>
internal static unsafe class ColumnProducts<T>
    where T : unmanaged, ISimd<T>
{
    /// <summary>Columns of a task: their sums stay in the first-level cache while the rows stream by.</summary>
    const int Part = 256;

    internal static void Run(Threads threads, Matrix a, Matrix b, ReadOnlyMemory<int> offsets, Matrix sums)
    {
        if (a.Rows != b.Rows || a.Columns != b.Columns || sums.Columns != a.Columns || sums.Rows != offsets.Length - 1)
            throw new ArgumentException($"Products of [{a.Rows}, {a.Columns}] and [{b.Rows}, {b.Columns}] over {offsets.Length - 1} sequences do not fill [{sums.Rows}, {sums.Columns}].");
        for (int s = 0; s < sums.Rows; s++)
            if (offsets.Span[s] < 0 || offsets.Span[s + 1] < offsets.Span[s] || offsets.Span[s + 1] > a.Rows)
                throw new ArgumentException($"Sequence {s} is not within {a.Rows} rows: from row {offsets.Span[s]} to row {offsets.Span[s + 1]}.", nameof(offsets));
        int parts = (a.Columns + Part - 1) / Part;
        threads.For(sums.Rows * parts, new Work(a, b, offsets, sums, parts));
    }

    readonly struct Work(Matrix a, Matrix b, ReadOnlyMemory<int> offsets, Matrix sums, int parts) : IWork
    {
        public void Run(int task, int worker)
        {
            (int sequence, int part) = Math.DivRem(task, parts);
            int from = part * Part, columns = Math.Min(Part, a.Columns - from);
            Span<float> sum = sums.Row(sequence).Slice(from, columns);
            sum.Clear();
            fixed (float* to = sum)
                for (int row = offsets.Span[sequence]; row < offsets.Span[sequence + 1]; row++)
                    Row(a.Pointer + ((nint)row * a.Stride) + from, b.Pointer + ((nint)row * b.Stride) + from, columns, to);
        }
    }

    [MethodImpl(AggressiveOptimization)]
    static void Row(float* a, float* b, int n, float* sum)
    {
        int i = 0;
        for (; i <= n - T.Count; i += T.Count)
            T.Store(T.Fma(T.Load(a + i), T.Load(b + i), T.Load(sum + i)), sum + i);
        if (i < n)
            T.StorePartial(T.Fma(T.LoadPartial(a + i, n - i), T.LoadPartial(b + i, n - i), T.LoadPartial(sum + i, n - i)), sum + i, n - i);
    }
}
