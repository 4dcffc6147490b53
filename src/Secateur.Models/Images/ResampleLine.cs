using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Secateur.Models.Images;

/// <summary>The two inner loops of resizing, in 32-bit integers: their sums are exact, so that register widths do not show.</summary>
static class ResampleLine
{
    const int Shift = ResampleWeights.FractionBits;
    const int Half = 1 << (Shift - 1);

    /// <summary>Resizes one line of pixels.</summary>
    /// <param name="line">[pixels, 3].</param>
    /// <param name="weights">For each pixel that comes out.</param>
    /// <param name="spread">Scratch, at least [pixels + taps, 4].</param>
    /// <param name="result">[count, 3] and one byte more, which is overwritten.</param>
    internal static void Across(ReadOnlySpan<byte> line, ResampleWeights weights, Span<int> spread, Span<byte> result)
    {
        Spread(line, spread, weights.Taps);
        ref int pixels = ref MemoryMarshal.GetReference(spread);
        int taps = weights.Taps;
        for (int i = 0; i < weights.Start.Length; i++)
        {
            // Two pixels of four lanes (the fourth is idle) at a time.
            ReadOnlySpan<int> w = weights.Values.AsSpan(i * taps, taps);
            Vector256<int> sum = Vector256<int>.Zero;
            nuint at = (nuint)weights.Start[i] * 4;
            for (int k = 0; k < (weights.Used[i] + 1 & ~1); k += 2, at += 8)
                sum += Vector256.LoadUnsafe(ref pixels, at) * Vector256.Create(Vector128.Create(w[k]), Vector128.Create(w[k + 1]));
            Vector128<int> rounded = ToBytes(sum.GetLower() + sum.GetUpper() + Vector128.Create(Half));
            uint rgb = Vector128.Narrow(Vector128.Narrow(rounded, rounded), default).AsByte().AsUInt32().ToScalar();
            MemoryMarshal.Write(result.Slice(i * 3, 4), rgb);
        }
    }

    /// <summary>One line of the result from the lines above one another that it is made of.</summary>
    /// <param name="lines">[taps, bytes of a line].</param>
    /// <param name="weights">[taps].</param>
    /// <param name="result">[bytes of a line].</param>
    internal static void Down(ReadOnlySpan<byte> lines, ReadOnlySpan<int> weights, Span<byte> result)
    {
        int length = result.Length;
        ref byte from = ref MemoryMarshal.GetReference(lines);
        int x = 0;
        for (; x <= length - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            (Vector256<int> low, Vector256<int> high) = (Vector256.Create(Half), Vector256.Create(Half));
            nuint at = (nuint)x;
            for (int k = 0; k < weights.Length; k++, at += (nuint)length)
            {
                (Vector128<ushort> a, Vector128<ushort> b) = Vector128.Widen(Vector128.LoadUnsafe(ref from, at));
                low += Widen(a) * weights[k];
                high += Widen(b) * weights[k];
            }

            Vector256<short> narrow = Vector256.Narrow(ToBytes(low), ToBytes(high));
            Vector128.Narrow(narrow.GetLower().AsUInt16(), narrow.GetUpper().AsUInt16()).CopyTo(result[x..]);
        }

        for (; x < length; x++)
        {
            int sum = Half;
            for (int k = 0; k < weights.Length; k++)
                sum += lines[k * length + x] * weights[k];
            result[x] = (byte)Math.Clamp(sum >> Shift, 0, 255);
        }
    }

    /// <summary>Bytes to a pixel of four lanes; as many black pixels follow as the last taps may touch.</summary>
    static void Spread(ReadOnlySpan<byte> line, Span<int> spread, int taps)
    {
        int i = 0, j = 0;
        Vector128<byte> lanes = Vector128.Create((byte)0, 1, 2, 255, 3, 4, 5, 255, 6, 7, 8, 255, 9, 10, 11, 255);
        for (; i <= line.Length - Vector128<byte>.Count; i += 12, j += 16)
        {
            (Vector128<ushort> a, Vector128<ushort> b) = Vector128.Widen(Vector128.Shuffle(Vector128.Create(line.Slice(i, 16)), lanes));
            Widen(a).CopyTo(spread[j..]);
            Widen(b).CopyTo(spread[(j + 8)..]);
        }

        for (; i < line.Length; i += 3, j += 4)
            (spread[j], spread[j + 1], spread[j + 2], spread[j + 3]) = (line[i], line[i + 1], line[i + 2], 0);
        spread.Slice(line.Length / 3 * 4, taps * 4).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Widen(Vector128<ushort> values) => Vector256.Create(Vector128.WidenLower(values), Vector128.WidenUpper(values)).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> ToBytes(Vector128<int> sum) => Vector128.Min(Vector128.Max(sum >> Shift, Vector128<int>.Zero), Vector128.Create(255));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> ToBytes(Vector256<int> sum) => Vector256.Min(Vector256.Max(sum >> Shift, Vector256<int>.Zero), Vector256.Create(255));
}
