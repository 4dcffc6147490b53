namespace Secateur.Compression.Tokens;

/// <summary>Sums in eight interleaved chains: quick, and the same bits on every machine.</summary>
internal static class Sums
{
    const int Chains = 8;

    /// <summary>The sum of all.</summary>
    internal static float Of(ReadOnlySpan<float> x)
    {
        float a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0, a6 = 0, a7 = 0;
        int i = 0;
        for (; i + Chains <= x.Length; i += Chains)
        {
            ReadOnlySpan<float> p = x.Slice(i, Chains);
            a0 += p[0];
            a1 += p[1];
            a2 += p[2];
            a3 += p[3];
            a4 += p[4];
            a5 += p[5];
            a6 += p[6];
            a7 += p[7];
        }

        float sum = ((a0 + a1) + (a2 + a3)) + ((a4 + a5) + (a6 + a7));
        for (; i < x.Length; i++)
            sum += x[i];
        return sum;
    }

    /// <summary>The sum of squares.</summary>
    internal static float OfSquares(ReadOnlySpan<float> x)
    {
        float a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0, a6 = 0, a7 = 0;
        int i = 0;
        for (; i + Chains <= x.Length; i += Chains)
        {
            ReadOnlySpan<float> p = x.Slice(i, Chains);
            a0 += p[0] * p[0];
            a1 += p[1] * p[1];
            a2 += p[2] * p[2];
            a3 += p[3] * p[3];
            a4 += p[4] * p[4];
            a5 += p[5] * p[5];
            a6 += p[6] * p[6];
            a7 += p[7] * p[7];
        }

        float sum = ((a0 + a1) + (a2 + a3)) + ((a4 + a5) + (a6 + a7));
        for (; i < x.Length; i++)
            sum += x[i] * x[i];
        return sum;
    }
}
