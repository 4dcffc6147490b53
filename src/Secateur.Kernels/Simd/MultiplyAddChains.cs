using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels.Simd;

/// <summary>The most multiply-adds a core can do: twelve independent chains that never leave the registers.</summary>
internal static class MultiplyAddChains<T>
    where T : unmanaged, ISimd<T>
{
    const int Chains = 12;

    /// <summary>Floating-point operations of one round of <see cref="Run"/>.</summary>
    internal static int OperationsARound => Chains * T.Count * 2;

    /// <summary>Runs the chains; the sum keeps the compiler from dropping them.</summary>
    [MethodImpl(AggressiveOptimization | NoInlining)]
    internal static float Run(long rounds)
    {
        T x = T.Broadcast(0.999f), y = T.Broadcast(0.001f);
        T a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (; rounds > 0; rounds--)
        {
            a = T.Fma(a, x, y);
            b = T.Fma(b, x, y);
            c = T.Fma(c, x, y);
            d = T.Fma(d, x, y);
            e = T.Fma(e, x, y);
            f = T.Fma(f, x, y);
            g = T.Fma(g, x, y);
            h = T.Fma(h, x, y);
            i = T.Fma(i, x, y);
            j = T.Fma(j, x, y);
            k = T.Fma(k, x, y);
            l = T.Fma(l, x, y);
        }

        T sum = T.Add(T.Add(T.Add(a, b), T.Add(c, d)), T.Add(T.Add(e, f), T.Add(g, h)));
        return T.Sum(T.Add(sum, T.Add(T.Add(i, j), T.Add(k, l))));
    }
}
