using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>The transpose of a matrix of floats, in squares of 4 x 4 where the machine has the shuffles for it.</summary>
internal static unsafe class Transpose
{
    /// <summary>A cache line: all of it is used before the next one of the same row is read.</summary>
    const int Block = 16;

    /// <summary>to[j, i] = from[i, j].</summary>
    /// <param name="from">[rows, columns].</param>
    /// <param name="fromStride">Floats from one row's start to the next one's.</param>
    /// <param name="rows">Rows of <paramref name="from"/>.</param>
    /// <param name="columns">Columns of <paramref name="from"/>.</param>
    /// <param name="to">[columns, rows].</param>
    /// <param name="toStride">Floats from one row's start to the next one's.</param>
    [MethodImpl(AggressiveOptimization)]
    internal static void Run(float* from, nint fromStride, int rows, int columns, float* to, nint toStride)
    {
        for (int left = 0; left < columns; left += Block)
            for (int top = 0; top < rows; top += 4)
            {
                int right = Math.Min(columns, left + Block), bottom = Math.Min(rows, top + 4), j = left;
                float* source = from + (top * fromStride);
                if (Sse.IsSupported && bottom == top + 4)
                    for (; j <= right - 4; j += 4)
                        Square(source + j, fromStride, to + (j * toStride) + top, toStride);
                for (; j < right; j++)
                    for (int i = top; i < bottom; i++)
                        to[(j * toStride) + i] = from[(i * fromStride) + j];
            }
    }

    [MethodImpl(AggressiveInlining)]
    static void Square(float* from, nint fromStride, float* to, nint toStride)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + fromStride);
        Vector128<float> c = Vector128.Load(from + (2 * fromStride)), d = Vector128.Load(from + (3 * fromStride));
        Vector128<float> lowAb = Sse.UnpackLow(a, b), lowCd = Sse.UnpackLow(c, d), highAb = Sse.UnpackHigh(a, b), highCd = Sse.UnpackHigh(c, d);
        Sse.MoveLowToHigh(lowAb, lowCd).Store(to);
        Sse.MoveHighToLow(lowCd, lowAb).Store(to + toStride);
        Sse.MoveLowToHigh(highAb, highCd).Store(to + (2 * toStride));
        Sse.MoveHighToLow(highCd, highAb).Store(to + (3 * toStride));
    }
}
