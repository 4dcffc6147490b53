using System.Runtime.CompilerServices;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>The micro-kernel for the one register of columns that may be left after panels of two: six rows at a time, each sum one
/// multiply-add chain in the order of k, as in <see cref="Tile{T}"/>.</summary>
/// <typeparam name="T">The register.</typeparam>
internal static unsafe class NarrowTile<T>
    where T : unmanaged, ISimd<T>
{
    const int Rows = 6;

    /// <summary>c = a b.</summary>
    /// <param name="rows">Rows of a and c.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="a">[rows, k], one row every <paramref name="lda"/> floats.</param>
    /// <param name="lda">Stride of a.</param>
    /// <param name="b">[k, 1 register].</param>
    /// <param name="c">[rows, 1 register], one row every <paramref name="ldc"/> floats.</param>
    /// <param name="ldc">Stride of c.</param>
    [MethodImpl(AggressiveOptimization)]
    internal static void Run(int rows, int k, float* a, nint lda, float* b, float* c, nint ldc)
    {
        for (int done = 0; done < rows; done += Rows, a += Rows * lda, c += Rows * ldc)
        {
            // Rows that are not there stand in as the first one again and are not stored.
            int left = rows - done;
            float* a1 = left > 1 ? a + lda : a, a2 = left > 2 ? a + (2 * lda) : a, a3 = left > 3 ? a + (3 * lda) : a;
            float* a4 = left > 4 ? a + (4 * lda) : a, a5 = left > 5 ? a + (5 * lda) : a, from = b;
            T c0 = T.Zero, c1 = T.Zero, c2 = T.Zero, c3 = T.Zero, c4 = T.Zero, c5 = T.Zero;
            for (nint p = 0; p < k; p++, from += T.Count)
            {
                T column = T.Load(from);
                c0 = T.Fma(T.Broadcast(a[p]), column, c0);
                c1 = T.Fma(T.Broadcast(a1[p]), column, c1);
                c2 = T.Fma(T.Broadcast(a2[p]), column, c2);
                c3 = T.Fma(T.Broadcast(a3[p]), column, c3);
                c4 = T.Fma(T.Broadcast(a4[p]), column, c4);
                c5 = T.Fma(T.Broadcast(a5[p]), column, c5);
            }

            T.Store(c0, c);
            if (left > 1)
                T.Store(c1, c + ldc);
            if (left > 2)
                T.Store(c2, c + (2 * ldc));
            if (left > 3)
                T.Store(c3, c + (3 * ldc));
            if (left > 4)
                T.Store(c4, c + (4 * ldc));
            if (left > 5)
                T.Store(c5, c + (5 * ldc));
        }
    }
}
