using System.Runtime.CompilerServices;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>Powers of e and of 2. The whole part of the exponent goes into the exponent bits; a polynomial (least largest relative
/// error, with a value of exactly 1 at 0) gives the rest.</summary>
internal static class Exp<T>
    where T : unmanaged, ISimd<T>
{
    /// <summary>Below this power of two the result is 0: <see cref="ISimd{T}.PowerOfTwo"/> of -127 has no bit set.</summary>
    const float Lowest = -127;

    /// <summary>e^x within 2 units in the last place for x in [-87.3, 88.3]; 0 far below, infinity above; NaN stays NaN.</summary>
    [MethodImpl(AggressiveInlining)]
    internal static T Run(T x)
    {
        // The second operand of Min and Max is the one that a NaN survives in.
        x = T.Min(T.Broadcast(88.7f), T.Max(T.Broadcast(-88), x));
        T whole = T.Round(T.Mul(x, T.Broadcast(1.44269504f)));

        // ln 2 in two parts: the first has so few bits that its product with a whole number is exact.
        T rest = T.Fma(whole, T.Broadcast(-0.693359375f), x);
        rest = T.Fma(whole, T.Broadcast(2.12194440e-4f), rest);
        T y = T.Broadcast(0.0013843653449f);
        y = T.Fma(y, rest, T.Broadcast(0.0083741553073f));
        y = T.Fma(y, rest, T.Broadcast(0.0416680020362f));
        y = T.Fma(y, rest, T.Broadcast(0.1666643126268f));
        y = T.Fma(y, rest, T.Broadcast(0.4999999420905f));
        y = T.Fma(y, rest, T.Broadcast(1.0000000321650f));
        y = T.Fma(y, rest, T.Broadcast(1));
        return T.Mul(y, T.PowerOfTwo(whole));
    }

    /// <summary>2^x within 3 units in the last place for x in [-126, 0]; 0 far below (so also at minus infinity); NaN stays NaN.</summary>
    [MethodImpl(AggressiveInlining)]
    internal static T Two(T x)
    {
        x = T.Max(T.Broadcast(Lowest), x);
        T whole = T.Round(x), rest = T.Sub(x, whole);
        T y = T.Broadcast(0.0013264727030f);
        y = T.Fma(y, rest, T.Broadcast(0.0096715126379f));
        y = T.Fma(y, rest, T.Broadcast(0.0555073374380f));
        y = T.Fma(y, rest, T.Broadcast(0.2402224208549f));
        y = T.Fma(y, rest, T.Broadcast(0.6931469775989f));
        y = T.Fma(y, rest, T.Broadcast(1));
        return T.Mul(y, T.PowerOfTwo(whole));
    }
}
