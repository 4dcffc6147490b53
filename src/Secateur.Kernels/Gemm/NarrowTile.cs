using System.Runtime.CompilerServices;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>The micro-kernel for the one register of columns that may be left after panels of two; each sum is one multiply-add chain in
/// the order of k, as in <see cref="Tile{T}"/>. Always as high as the tallest tile: the chains must be many enough to hide each other.</summary>
/// <typeparam name="T">The register.</typeparam>
internal static unsafe class NarrowTile<T>
    where T : unmanaged, ISimd<T>
{
    /// <summary>c = a b for <see cref="Tile{T}.MaxRows"/> rows. Rows that mean nothing may hold anything, but must be there.</summary>
    /// <param name="k">Length of the sums.</param>
    /// <param name="a">[rows, k], one row every <paramref name="lda"/> floats.</param>
    /// <param name="lda">Stride of a.</param>
    /// <param name="b">[k, 1 register].</param>
    /// <param name="c">[rows, 1 register], one row every <paramref name="ldc"/> floats.</param>
    /// <param name="ldc">Stride of c.</param>
    [MethodImpl(AggressiveOptimization)]
    internal static void Run(int k, float* a, nint lda, float* b, float* c, nint ldc)
    {
        T c0 = T.Zero, c1 = T.Zero, c2 = T.Zero, c3 = T.Zero, c4 = T.Zero, c5 = T.Zero;
        T c6 = T.Zero, c7 = T.Zero, c8 = T.Zero, c9 = T.Zero, c10 = T.Zero, c11 = T.Zero;
        float* a3 = a + (3 * lda), a6 = a + (6 * lda), a9 = a + (9 * lda);
        nint twice = 2 * lda;
        for (; k > 0; k--, b += T.Count, a++, a3++, a6++, a9++)
        {
            T column = T.Load(b);
            c0 = T.Fma(T.Broadcast(*a), column, c0);
            c1 = T.Fma(T.Broadcast(a[lda]), column, c1);
            c2 = T.Fma(T.Broadcast(a[twice]), column, c2);
            c3 = T.Fma(T.Broadcast(*a3), column, c3);
            c4 = T.Fma(T.Broadcast(a3[lda]), column, c4);
            c5 = T.Fma(T.Broadcast(a3[twice]), column, c5);
            if (Tile<T>.MaxRows == 6)
                continue;
            c6 = T.Fma(T.Broadcast(*a6), column, c6);
            c7 = T.Fma(T.Broadcast(a6[lda]), column, c7);
            c8 = T.Fma(T.Broadcast(a6[twice]), column, c8);
            c9 = T.Fma(T.Broadcast(*a9), column, c9);
            c10 = T.Fma(T.Broadcast(a9[lda]), column, c10);
            c11 = T.Fma(T.Broadcast(a9[twice]), column, c11);
        }

        T.Store(c0, c);
        T.Store(c1, c += ldc);
        T.Store(c2, c += ldc);
        T.Store(c3, c += ldc);
        T.Store(c4, c += ldc);
        T.Store(c5, c += ldc);
        if (Tile<T>.MaxRows == 6)
            return;
        T.Store(c6, c += ldc);
        T.Store(c7, c += ldc);
        T.Store(c8, c += ldc);
        T.Store(c9, c += ldc);
        T.Store(c10, c += ldc);
        T.Store(c11, c + ldc);
    }
}
