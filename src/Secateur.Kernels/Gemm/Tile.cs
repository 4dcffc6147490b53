using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>A number of rows that the compiler knows, so that one source gives a tile of every height.</summary>
internal interface IRows
{
    static abstract int Count { get; }
}

/// <summary>Memory that is needed next and is fetched into the second-level cache while a tile computes: one address for every step of k.
/// Spread over all tiles of a panel, the next panel comes at the pace of the arithmetic; asked for when it is needed, it would come at the
/// pace of the memory. Several addresses on one line cost nothing.</summary>
/// <param name="from">The first address.</param>
/// <param name="step">Bytes from one address to the next.</param>
internal readonly unsafe struct Ahead(byte* from, nint step)
{
    internal readonly byte* From = from;
    internal readonly nint Step = step;
}

/// <summary>
/// The micro-kernel: c = a b for up to 12 rows and two registers of columns. All sums stay in registers, each is one multiply-add chain
/// in the order of k. Twelve rows fill the 32 registers of AVX-512 (24 sums, 2 of b, 1 of a); six fill the 16 of narrower sets.
/// </summary>
/// <typeparam name="T">The register.</typeparam>
internal static unsafe class Tile<T>
    where T : unmanaged, ISimd<T>
{
    /// <summary>The tallest tile whose sums fit the registers.</summary>
    internal static int MaxRows
    {
        [MethodImpl(AggressiveInlining)]
        get => T.Count >= 16 ? 12 : 6;
    }

    /// <summary>c = a b.</summary>
    /// <param name="rows">Rows of a and c, in [1, <see cref="MaxRows"/>].</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="a">[rows, k], one row every <paramref name="lda"/> floats.</param>
    /// <param name="lda">Stride of a.</param>
    /// <param name="b">[k, 2 registers], one row every <paramref name="ldb"/> floats.</param>
    /// <param name="ldb">Stride of b.</param>
    /// <param name="c">[rows, 2 registers], one row every <paramref name="ldc"/> floats.</param>
    /// <param name="ldc">Stride of c.</param>
    /// <param name="ahead">What is fetched meanwhile.</param>
    internal static void Run(int rows, int k, float* a, nint lda, float* b, nint ldb, float* c, nint ldc, Ahead ahead)
    {
        switch (rows)
        {
            case 12:
                Sum<Rows12>(k, a, lda, b, ldb, c, ldc, ahead);
                break;
            case 11:
                Sum<Rows11>(k, a, lda, b, ldb, c, ldc, ahead);
                break;
            case 10:
                Sum<Rows10>(k, a, lda, b, ldb, c, ldc, ahead);
                break;
            case 9:
                Sum<Rows9>(k, a, lda, b, ldb, c, ldc, ahead);
                break;
            case 8:
                Sum<Rows8>(k, a, lda, b, ldb, c, ldc, ahead);
                break;
            case 7:
                Sum<Rows7>(k, a, lda, b, ldb, c, ldc, ahead);
                break;
            case 6:
                Sum<Rows6>(k, a, lda, b, ldb, c, ldc, ahead);
                break;
            case 5:
                Sum<Rows5>(k, a, lda, b, ldb, c, ldc, ahead);
                break;
            case 4:
                Sum<Rows4>(k, a, lda, b, ldb, c, ldc, ahead);
                break;
            case 3:
                Sum<Rows3>(k, a, lda, b, ldb, c, ldc, ahead);
                break;
            case 2:
                Sum<Rows2>(k, a, lda, b, ldb, c, ldc, ahead);
                break;
            case 1:
                Sum<Rows1>(k, a, lda, b, ldb, c, ldc, ahead);
                break;
        }
    }

    [MethodImpl(AggressiveOptimization)]
    static void Sum<TRows>(int k, float* a, nint lda, float* b, nint ldb, float* c, nint ldc, Ahead ahead)
        where TRows : struct, IRows
    {
        int w = T.Count;
        T c0a = T.Zero, c0b = T.Zero, c1a = T.Zero, c1b = T.Zero, c2a = T.Zero, c2b = T.Zero;
        T c3a = T.Zero, c3b = T.Zero, c4a = T.Zero, c4b = T.Zero, c5a = T.Zero, c5b = T.Zero;
        T c6a = T.Zero, c6b = T.Zero, c7a = T.Zero, c7b = T.Zero, c8a = T.Zero, c8b = T.Zero;
        T c9a = T.Zero, c9b = T.Zero, c10a = T.Zero, c10b = T.Zero, c11a = T.Zero, c11b = T.Zero;
        float* a3 = a + (3 * lda), a6 = a + (6 * lda), a9 = a + (9 * lda);
        nint twice = 2 * lda, step = ahead.Step;
        byte* next = ahead.From;
        for (int p = 0; p < k; p++)
        {
            if (Sse.IsSupported)
                Sse.Prefetch1(next);
            next += step;
            T b0 = T.Load(b), b1 = T.Load(b + w);
            b += ldb;
            T x = T.Broadcast(*a);
            c0a = T.Fma(x, b0, c0a);
            c0b = T.Fma(x, b1, c0b);
            if (TRows.Count > 1)
            {
                x = T.Broadcast(a[lda]);
                c1a = T.Fma(x, b0, c1a);
                c1b = T.Fma(x, b1, c1b);
            }

            if (TRows.Count > 2)
            {
                x = T.Broadcast(a[twice]);
                c2a = T.Fma(x, b0, c2a);
                c2b = T.Fma(x, b1, c2b);
            }

            if (TRows.Count > 3)
            {
                x = T.Broadcast(*a3);
                c3a = T.Fma(x, b0, c3a);
                c3b = T.Fma(x, b1, c3b);
            }

            if (TRows.Count > 4)
            {
                x = T.Broadcast(a3[lda]);
                c4a = T.Fma(x, b0, c4a);
                c4b = T.Fma(x, b1, c4b);
            }

            if (TRows.Count > 5)
            {
                x = T.Broadcast(a3[twice]);
                c5a = T.Fma(x, b0, c5a);
                c5b = T.Fma(x, b1, c5b);
            }

            if (TRows.Count > 6)
            {
                x = T.Broadcast(*a6);
                c6a = T.Fma(x, b0, c6a);
                c6b = T.Fma(x, b1, c6b);
            }

            if (TRows.Count > 7)
            {
                x = T.Broadcast(a6[lda]);
                c7a = T.Fma(x, b0, c7a);
                c7b = T.Fma(x, b1, c7b);
            }

            if (TRows.Count > 8)
            {
                x = T.Broadcast(a6[twice]);
                c8a = T.Fma(x, b0, c8a);
                c8b = T.Fma(x, b1, c8b);
            }

            if (TRows.Count > 9)
            {
                x = T.Broadcast(*a9);
                c9a = T.Fma(x, b0, c9a);
                c9b = T.Fma(x, b1, c9b);
            }

            if (TRows.Count > 10)
            {
                x = T.Broadcast(a9[lda]);
                c10a = T.Fma(x, b0, c10a);
                c10b = T.Fma(x, b1, c10b);
            }

            if (TRows.Count > 11)
            {
                x = T.Broadcast(a9[twice]);
                c11a = T.Fma(x, b0, c11a);
                c11b = T.Fma(x, b1, c11b);
            }

            a++;
            a3++;
            a6++;
            a9++;
        }

        T.Store(c0a, c);
        T.Store(c0b, c + w);
        if (TRows.Count > 1)
        {
            T.Store(c1a, c += ldc);
            T.Store(c1b, c + w);
        }

        if (TRows.Count > 2)
        {
            T.Store(c2a, c += ldc);
            T.Store(c2b, c + w);
        }

        if (TRows.Count > 3)
        {
            T.Store(c3a, c += ldc);
            T.Store(c3b, c + w);
        }

        if (TRows.Count > 4)
        {
            T.Store(c4a, c += ldc);
            T.Store(c4b, c + w);
        }

        if (TRows.Count > 5)
        {
            T.Store(c5a, c += ldc);
            T.Store(c5b, c + w);
        }

        if (TRows.Count > 6)
        {
            T.Store(c6a, c += ldc);
            T.Store(c6b, c + w);
        }

        if (TRows.Count > 7)
        {
            T.Store(c7a, c += ldc);
            T.Store(c7b, c + w);
        }

        if (TRows.Count > 8)
        {
            T.Store(c8a, c += ldc);
            T.Store(c8b, c + w);
        }

        if (TRows.Count > 9)
        {
            T.Store(c9a, c += ldc);
            T.Store(c9b, c + w);
        }

        if (TRows.Count > 10)
        {
            T.Store(c10a, c += ldc);
            T.Store(c10b, c + w);
        }

        if (TRows.Count > 11)
        {
            T.Store(c11a, c += ldc);
            T.Store(c11b, c + w);
        }
    }

    readonly struct Rows1 : IRows
    {
        public static int Count => 1;
    }

    readonly struct Rows2 : IRows
    {
        public static int Count => 2;
    }

    readonly struct Rows3 : IRows
    {
        public static int Count => 3;
    }

    readonly struct Rows4 : IRows
    {
        public static int Count => 4;
    }

    readonly struct Rows5 : IRows
    {
        public static int Count => 5;
    }

    readonly struct Rows6 : IRows
    {
        public static int Count => 6;
    }

    readonly struct Rows7 : IRows
    {
        public static int Count => 7;
    }

    readonly struct Rows8 : IRows
    {
        public static int Count => 8;
    }

    readonly struct Rows9 : IRows
    {
        public static int Count => 9;
    }

    readonly struct Rows10 : IRows
    {
        public static int Count => 10;
    }

    readonly struct Rows11 : IRows
    {
        public static int Count => 11;
    }

    readonly struct Rows12 : IRows
    {
        public static int Count => 12;
    }
}
