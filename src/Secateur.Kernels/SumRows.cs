using Secateur.Kernels.Simd;

namespace Secateur.Kernels;

/// <summary>The weighted sum of rows: a vector times a matrix. Each sum is one multiply-add chain in row order, so every width gives the same bits.</summary>
internal static unsafe class SumRows<T>
    where T : unmanaged, ISimd<T>
{
    /// <summary>This many rows of 200 floats stay in the first-level cache while the panels pass over them.</summary>
    const int BlockRows = 32;

    internal static void Run(float* rows, int count, int stride, int columns, float* weights, float* sum)
    {
        new Span<float>(sum, columns).Clear();
        for (int first = 0; first < count; first += BlockRows)
            Block(rows + ((long)first * stride), Math.Min(BlockRows, count - first), stride, columns, weights + first, sum);
    }

    static void Block(float* rows, int count, int stride, int columns, float* weights, float* sum)
    {
        int c = 0, panel = 8 * T.Count;
        if (columns < T.Count)
            Narrow(rows, count, stride, columns, weights, sum);
        else
            for (int left; (left = columns - c) > 0;)
            {
                // A panel holds one register or more; what would leave less than one for the next panel is cut in two.
                int width = left <= panel ? left : left < panel + T.Count ? panel / 2 : panel;
                Panel(rows + c, count, stride, width, weights, sum + c);
                c += width;
            }
    }

    // Eight registers over [columns] floats. Where these are fewer, the last registers fall back on the last full one: its lanes
    // are summed more than once, from the same start in the same order, so that whoever stores them stores the same bits.
    static void Panel(float* rows, int count, int stride, int columns, float* weights, float* sum)
    {
        int n = T.Count, last = columns - n;
        int c1 = Math.Min(n, last), c2 = Math.Min(2 * n, last), c3 = Math.Min(3 * n, last), c4 = Math.Min(4 * n, last);
        int c5 = Math.Min(5 * n, last), c6 = Math.Min(6 * n, last), c7 = Math.Min(7 * n, last);
        T s0 = T.Load(sum), s1 = T.Load(sum + c1), s2 = T.Load(sum + c2), s3 = T.Load(sum + c3);
        T s4 = T.Load(sum + c4), s5 = T.Load(sum + c5), s6 = T.Load(sum + c6), s7 = T.Load(sum + c7);
        for (int i = 0; i < count; i++, rows += stride)
        {
            T w = T.Broadcast(weights[i]);
            s0 = T.Fma(w, T.Load(rows), s0);
            s1 = T.Fma(w, T.Load(rows + c1), s1);
            s2 = T.Fma(w, T.Load(rows + c2), s2);
            s3 = T.Fma(w, T.Load(rows + c3), s3);
            s4 = T.Fma(w, T.Load(rows + c4), s4);
            s5 = T.Fma(w, T.Load(rows + c5), s5);
            s6 = T.Fma(w, T.Load(rows + c6), s6);
            s7 = T.Fma(w, T.Load(rows + c7), s7);
        }

        T.Store(s0, sum);
        T.Store(s1, sum + c1);
        T.Store(s2, sum + c2);
        T.Store(s3, sum + c3);
        T.Store(s4, sum + c4);
        T.Store(s5, sum + c5);
        T.Store(s6, sum + c6);
        T.Store(s7, sum + c7);
    }

    static void Narrow(float* rows, int count, int stride, int columns, float* weights, float* sum)
    {
        T s = T.LoadPartial(sum, columns);
        for (int i = 0; i < count; i++, rows += stride)
            s = T.Fma(T.Broadcast(weights[i]), T.LoadPartial(rows, columns), s);
        T.StorePartial(s, sum, columns);
    }
}
