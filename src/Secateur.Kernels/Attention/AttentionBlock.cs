using System.Runtime.CompilerServices;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>
/// Attention of a few query rows of one head, as many as a tile is high. Their scores stay in the first-level cache: product with the keys,
/// exponentials, product with the values, division by the sums. Signals are read from the exponentials before they are overwritten.
/// </summary>
/// <typeparam name="T">The register.</typeparam>
internal readonly unsafe struct AttentionBlock<T>(
    AttentionArea<T> area, bool biased, AttentionSignals? signals, AttentionSections? sections, int sequence, int head, int pair)
    where T : unmanaged, ISimd<T>
{
    /// <summary>Scores are kept in units of log 2, so that the exponential needs no multiplication and no split of its argument.</summary>
    internal const float Log2E = 1.44269504f;

    readonly AttentionRequest request = signals?.Request ?? AttentionRequest.None;

    /// <summary>Computes query rows [<paramref name="row"/>, <paramref name="row"/> + <paramref name="rows"/>).</summary>
    internal void Run(float* q, nint stride, int row, int rows, float* output, nint outputStride, int section)
    {
        Scale(q, stride, rows);
        Multiply(rows, area.Dimension, area.Queries, area.Width, area.Keys, area.KeyRegisters, area.Scores, area.ScoreStride);
        bool statistics = (request & AttentionRequest.HeadStatistics) != 0;
        double entropy = 0;
        if ((request & AttentionRequest.HeadEntropy) != 0)
            entropy = AttentionSoftmax<T>.Run<AttentionSoftmax<T>.WithEntropy>(area, biased, rows);
        else
            AttentionSoftmax<T>.Run<AttentionSoftmax<T>.Plain>(area, biased, rows);
        if ((request & AttentionRequest.Full) != 0 || ((request & AttentionRequest.ClassRow) != 0 && row == 0))
            Publish(row, rows);
        if ((request & AttentionRequest.Received) != 0)
            Receive(rows, sections!.Received(pair, section));
        Multiply(rows, area.Tokens, area.Scores, area.ScoreStride, area.Values, area.ValueRegisters, area.Sums, area.Width);
        Divide(rows, output, outputStride);
        if (statistics)
            sections!.AddStatistics(pair, section, (request & AttentionRequest.HeadMagnitude) != 0 ? Magnitude(rows, output, outputStride) : 0, entropy);
    }

    /// <summary>c = a b over panels of two registers; the last panel may be one. The areas of a and c have room for a whole tile.</summary>
    static void Multiply(int rows, int k, float* a, nint lda, float* b, int registers, float* c, nint ldc)
    {
        for (; registers >= 2; registers -= 2, b += (nint)k * 2 * T.Count, c += 2 * T.Count)
            Tile<T>.Run(rows, k, a, lda, b, 2 * T.Count, c, ldc, new((byte*)b, 0)); // all is near
        if (registers == 1)
            NarrowTile<T>.Run(k, a, lda, b, c, ldc);
    }

    [MethodImpl(AggressiveOptimization)]
    void Scale(float* q, nint stride, int rows)
    {
        T scale = T.Broadcast((float)(1.4426950408889634 / Math.Sqrt(area.Dimension)));
        float* to = area.Queries;
        int d = area.Dimension, whole = d / T.Count * T.Count;
        AttentionPacking<T>.Prefetch(q + (rows * stride), stride, rows, d);
        for (int i = 0; i < rows; i++, q += stride, to += area.Width)
        {
            for (int c = 0; c < whole; c += T.Count)
                T.Store(T.Mul(T.Load(q + c), scale), to + c);
            if (whole < d)
                T.Store(T.Mul(T.LoadPartial(q + whole, d - whole), scale), to + whole);
        }
    }

    [MethodImpl(AggressiveOptimization)]
    void Divide(int rows, float* output, nint outputStride)
    {
        float* sums = area.Sums;
        int d = area.Dimension, whole = d / T.Count * T.Count;
        for (int i = 0; i < rows; i++, sums += area.Width, output += outputStride)
        {
            T factor = T.Broadcast(area.Factors[i]);
            for (int c = 0; c < whole; c += T.Count)
                T.Store(T.Mul(T.Load(sums + c), factor), output + c);
            if (whole < d)
                T.StorePartial(T.Mul(T.Load(sums + whole), factor), output + whole, d - whole);
        }
    }

    /// <summary>Writes the probabilities to the signals that want them. Rows of signals have room for whole registers; what is after the
    /// last key is 0.</summary>
    [MethodImpl(AggressiveOptimization)]
    void Publish(int row, int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            T factor = T.Broadcast(area.Factors[i]);
            float* from = area.Scores + ((nint)i * area.ScoreStride);
            float* full = (request & AttentionRequest.Full) != 0 ? signals!.FullRow(sequence, head, row + i) : null;
            float* first = row + i == 0 && (request & AttentionRequest.ClassRow) != 0
                ? signals!.ClassRowBuffer.Pointer + signals.VectorOffset(sequence, head) : null;
            for (int j = 0; j < area.KeyRegisters * T.Count; j += T.Count)
            {
                T probability = T.Mul(T.Load(from + j), factor);
                if (full != null)
                    T.Store(probability, full + j);
                if (first != null)
                    T.Store(probability, first + j);
            }
        }
    }

    /// <summary>Adds the probabilities to the sums of their columns, row after row, four registers of sums at a time.</summary>
    [MethodImpl(AggressiveOptimization)]
    void Receive(int rows, float* received)
    {
        int j = 0, n = T.Count, end = area.KeyRegisters * n;
        for (; j <= end - (4 * n); j += 4 * n)
        {
            float* from = area.Scores + j, to = received + j;
            T s0 = T.Load(to), s1 = T.Load(to + n), s2 = T.Load(to + (2 * n)), s3 = T.Load(to + (3 * n));
            for (int i = 0; i < rows; i++, from += area.ScoreStride)
            {
                T factor = T.Broadcast(area.Factors[i]);
                s0 = T.Add(s0, T.Mul(T.Load(from), factor));
                s1 = T.Add(s1, T.Mul(T.Load(from + n), factor));
                s2 = T.Add(s2, T.Mul(T.Load(from + (2 * n)), factor));
                s3 = T.Add(s3, T.Mul(T.Load(from + (3 * n)), factor));
            }

            T.Store(s0, to);
            T.Store(s1, to + n);
            T.Store(s2, to + (2 * n));
            T.Store(s3, to + (3 * n));
        }

        for (; j < end; j += n)
        {
            T sum = T.Load(received + j);
            for (int i = 0; i < rows; i++)
                sum = T.Add(sum, T.Mul(T.Load(area.Scores + ((nint)i * area.ScoreStride) + j), T.Broadcast(area.Factors[i])));
            T.Store(sum, received + j);
        }
    }

    [MethodImpl(AggressiveOptimization)]
    float Magnitude(int rows, float* output, nint outputStride)
    {
        T even = T.Zero, odd = T.Zero;
        int d = area.Dimension, whole = d / T.Count * T.Count, pairs = whole / (2 * T.Count) * (2 * T.Count);
        for (int i = 0; i < rows; i++, output += outputStride)
        {
            int c = 0;
            for (; c < pairs; c += 2 * T.Count)
            {
                even = T.Add(even, Absolute(T.Load(output + c)));
                odd = T.Add(odd, Absolute(T.Load(output + c + T.Count)));
            }

            if (c < whole)
                even = T.Add(even, Absolute(T.Load(output + c)));
            if (whole < d)
                odd = T.Add(odd, Absolute(T.LoadPartial(output + whole, d - whole)));
        }

        return T.Sum(T.Add(even, odd));
    }

    static T Absolute(T x) => T.Max(x, T.Sub(T.Zero, x));
}
