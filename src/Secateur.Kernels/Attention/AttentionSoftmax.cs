using System.Runtime.CompilerServices;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>Turns the scores of a block into exponentials with each row's maximum subtracted, and keeps one over each row's sum.
/// The division itself waits for the product with the values, which has fewer columns.</summary>
internal static unsafe class AttentionSoftmax<T>
    where T : unmanaged, ISimd<T>
{
    /// <summary>Whether the entropy of the rows is wanted, known to the compiler.</summary>
    internal interface IEntropy
    {
        static abstract bool Wanted { get; }
    }

    /// <summary>Runs over <paramref name="rows"/> rows of <see cref="AttentionArea{T}.Scores"/>.</summary>
    /// <returns>Sum of the entropies of the rows in nats, 0 when not wanted.</returns>
    [MethodImpl(AggressiveOptimization)]
    internal static double Run<TEntropy>(in AttentionArea<T> area, bool biased, int rows)
        where TEntropy : struct, IEntropy
    {
        int w = T.Count, end = area.KeyRegisters * w, last = end - w;
        float* x = area.Scores, bias = area.Bias, factors = area.Factors;
        T after = T.Load(bias + last);
        double entropy = 0;
        for (int i = 0; i < rows; i++, x += area.ScoreStride)
        {
            T most = T.Broadcast(float.NegativeInfinity), most2 = most;
            if (biased)
                for (int j = 0; j < last; j += w)
                {
                    T score = T.Add(T.Load(x + j), T.Load(bias + j));
                    T.Store(score, x + j);
                    most = T.Max(most, score);
                }
            else
            {
                int j = 0;
                for (; j < last - w; j += 2 * w)
                {
                    most = T.Max(most, T.Load(x + j));
                    most2 = T.Max(most2, T.Load(x + j + w));
                }

                if (j < last)
                    most = T.Max(most, T.Load(x + j));
            }

            T final = T.Add(T.Load(x + last), after);
            T.Store(final, x + last);
            most = T.Broadcast(T.Largest(T.Max(T.Max(most, most2), final)));
            T sum = T.Zero, weighted = T.Zero;
            for (int j = 0; j < end; j += w)
            {
                T score = T.Sub(T.Load(x + j), most), y = Exp<T>.Two(score);
                T.Store(y, x + j);
                sum = T.Add(sum, y);
                if (TEntropy.Wanted)
                    weighted = T.Fma(T.Max(T.Broadcast(-127), score), y, weighted); // never infinity times 0
            }

            float total = T.Sum(sum);
            factors[i] = 1 / total;
            if (TEntropy.Wanted)
                entropy += (Math.Log2(total) - (T.Sum(weighted) / total)) * 0.6931471805599453; // -sum p ln p, p = 2^score / total
        }

        return entropy;
    }

    internal readonly struct Plain : IEntropy
    {
        public static bool Wanted => false;
    }

    internal readonly struct WithEntropy : IEntropy
    {
        public static bool Wanted => true;
    }
}
