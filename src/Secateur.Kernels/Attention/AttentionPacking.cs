using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>Brings the keys and values of one head, which lie a whole row apart, into the order in which the tiles read them.</summary>
internal static unsafe class AttentionPacking<T>
    where T : unmanaged, ISimd<T>
{
    static bool CanTranspose
    {
        [MethodImpl(AggressiveInlining)]
        get => Sse.IsSupported || AdvSimd.Arm64.IsSupported;
    }

    /// <summary>Turns the keys round: column k of a panel's row c is float c of the panel's key k. Keys after the last are zero.</summary>
    /// <param name="from">[tokens, dimension].</param>
    /// <param name="stride">Floats from key to key.</param>
    /// <param name="area">Takes the panels.</param>
    [MethodImpl(AggressiveOptimization)]
    internal static void Keys(float* from, nint stride, in AttentionArea<T> area)
    {
        float* to = area.Keys;
        for (int register = 0; register < area.KeyRegisters;)
        {
            int panel = Math.Min(2, area.KeyRegisters - register) * T.Count, first = register * T.Count;
            int keys = Math.Min(panel, area.Tokens - first);
            Panel(from + (first * stride), stride, keys, area.Dimension, to, panel);
            to += panel * area.Dimension;
            register += panel / T.Count;
        }
    }

    /// <summary>Copies the values, panel after panel; columns after the last are zero.</summary>
    /// <param name="from">[tokens, dimension].</param>
    /// <param name="stride">Floats from value to value.</param>
    /// <param name="area">Takes the panels.</param>
    [MethodImpl(AggressiveOptimization)]
    internal static void Values(float* from, nint stride, in AttentionArea<T> area)
    {
        float* to = area.Values;
        for (int register = 0; register < area.ValueRegisters;)
        {
            int panel = Math.Min(2, area.ValueRegisters - register) * T.Count, first = register * T.Count;
            int columns = Math.Min(panel, area.Dimension - first), whole = columns / T.Count * T.Count;
            float* row = from + first;
            for (int token = 0; token < area.Tokens; token++, row += stride, to += panel)
            {
                Prefetch(row + (8 * stride), stride, 1, columns);
                for (int c = 0; c < whole; c += T.Count)
                    T.Store(T.Load(row + c), to + c);
                if (whole < panel)
                    T.Store(T.LoadPartial(row + whole, columns - whole), to + whole);
            }

            register += panel / T.Count;
        }
    }

    /// <summary>The bias of the keys in units of log 2 (zeros when there is none), minus infinity after the last.</summary>
    internal static void Bias(ReadOnlySpan<float> keyBias, in AttentionArea<T> area)
    {
        var bias = new Span<float>(area.Bias, area.KeyRegisters * T.Count);
        bias[area.Tokens..].Fill(float.NegativeInfinity);
        bias[..area.Tokens].Clear();
        for (int j = 0; j < keyBias.Length; j++)
            bias[j] = keyBias[j] * AttentionBlock<T>.Log2E;
    }

    [MethodImpl(AggressiveOptimization)]
    static void Panel(float* from, nint stride, int keys, int dimension, float* to, nint panel)
    {
        int key = 0;
        if (CanTranspose)
            for (; key + 4 <= keys; key += 4)
            {
                float* corner = from + (key * stride);
                Prefetch(corner + (8 * stride), stride, 4, dimension);
                int c = 0;
                for (; c + 4 <= dimension; c += 4)
                    Transpose(corner + c, stride, to + (c * panel) + key, panel);
                for (; c < dimension; c++)
                    for (int i = 0; i < 4; i++)
                        to[(c * panel) + key + i] = corner[(i * stride) + c];
            }

        for (; key < keys; key++)
            for (int c = 0; c < dimension; c++)
                to[(c * panel) + key] = from[(key * stride) + c];
        for (; key < panel; key++)
            for (int c = 0; c < dimension; c++)
                to[(c * panel) + key] = 0;
    }

    /// <summary>Asks for rows that are needed soon: they lie on other pages, where the machine does not look ahead by itself.
    /// A prefetch of an address that is nobody's does nothing.</summary>
    [MethodImpl(AggressiveInlining)]
    internal static void Prefetch(float* from, nint stride, int rows, int columns)
    {
        if (Sse.IsSupported)
            for (int i = 0; i < rows; i++, from += stride)
                for (int c = 0; c < columns; c += 16)
                    Sse.Prefetch0(from + c);
    }

    /// <summary>Four by four floats, in four loads, eight shuffles and four stores.</summary>
    [MethodImpl(AggressiveInlining)]
    static void Transpose(float* from, nint stride, float* to, nint toStride)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + stride);
        Vector128<float> c = Vector128.Load(from + (2 * stride)), d = Vector128.Load(from + (3 * stride));
        Vector128<float> ac = Low(a, c), bd = Low(b, d), ac2 = High(a, c), bd2 = High(b, d);
        Low(ac, bd).Store(to);
        High(ac, bd).Store(to + toStride);
        Low(ac2, bd2).Store(to + (2 * toStride));
        High(ac2, bd2).Store(to + (3 * toStride));
    }

    [MethodImpl(AggressiveInlining)]
    static Vector128<float> Low(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(AggressiveInlining)]
    static Vector128<float> High(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
