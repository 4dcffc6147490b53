using System.Runtime.Intrinsics;

namespace Secateur.Compression.Tokens;

/// <summary>Sums in eight interleaved chains, and what goes with them: quick, and the same bits on every machine.</summary>
internal static class Sums
{
    const int Chains = 8;

    /// <summary>The sum of all.</summary>
    internal static float Of(ReadOnlySpan<float> x)
    {
        Vector256<float> chains = default;
        int i = 0;
        for (; i + Chains <= x.Length; i += Chains)
            chains += Vector256.Create(x[i..]);
        float sum = Total(chains);
        for (; i < x.Length; i++)
            sum += x[i];
        return sum;
    }

    /// <summary>The sum of squares.</summary>
    internal static float OfSquares(ReadOnlySpan<float> x)
    {
        Vector256<float> chains = default;
        int i = 0;
        for (; i + Chains <= x.Length; i += Chains)
        {
            Vector256<float> p = Vector256.Create(x[i..]);
            chains += p * p;
        }

        float sum = Total(chains);
        for (; i < x.Length; i++)
            sum += x[i] * x[i];
        return sum;
    }

    /// <summary>The square of each, and their sum.</summary>
    internal static float Squares(ReadOnlySpan<float> x, Span<float> squares)
    {
        Vector256<float> chains = default;
        int i = 0;
        for (; i + Chains <= x.Length; i += Chains)
        {
            Vector256<float> p = Vector256.Create(x[i..]);
            p *= p;
            chains += p;
            p.CopyTo(squares[i..]);
        }

        float sum = Total(chains);
        for (; i < x.Length; i++)
            sum += squares[i] = x[i] * x[i];
        return sum;
    }

    /// <summary>The sum of products, in 32 chains.</summary>
    internal static float OfProducts(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Vector512<float> a = default, b = default;
        int i = 0;
        for (; i + (4 * Chains) <= x.Length; i += 4 * Chains)
        {
            ReadOnlySpan<float> p = x.Slice(i, 4 * Chains), q = y.Slice(i, 4 * Chains);
            a += Vector512.Create(p) * Vector512.Create(q);
            b += Vector512.Create(p[16..]) * Vector512.Create(q[16..]);
        }

        a += b;
        float sum = Total(a.GetLower() + a.GetUpper());
        for (; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    /// <summary>Every number times a factor.</summary>
    internal static void Scale(Span<float> x, float factor)
    {
        int c = 0;
        for (; c + Chains <= x.Length; c += Chains)
            (Vector256.Create(x[c..]) * factor).CopyTo(x[c..]);
        for (; c < x.Length; c++)
            x[c] *= factor;
    }

    static float Total(Vector256<float> a) => ((a[0] + a[1]) + (a[2] + a[3])) + ((a[4] + a[5]) + (a[6] + a[7]));
}
