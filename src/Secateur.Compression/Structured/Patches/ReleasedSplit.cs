namespace Secateur.Compression.Structured.Patches;

/// <summary>How OPTIN's released code for vision divides a reduction between heads and neurons on the one hand and patches on the other: the share
/// of the former is drawn, uniform in [0.15, 0.30], by numpy's generator. For comparison with published numbers; elsewhere the share is searched for.</summary>
public static class ReleasedSplit
{
    /// <summary>The seed of the released configurations.</summary>
    public const uint Seed = 57;

    const double Low = 0.15, High = 0.30;

    /// <summary>The share, as the first draw of numpy.random.uniform(0.15, 0.30) after numpy.random.seed.</summary>
    /// <param name="seed">Of the draw.</param>
    /// <returns>In [0.15, 0.30).</returns>
    public static double Share(uint seed = Seed) => Low + ((High - Low) * FirstSample(seed));

    /// <summary>MT19937 (Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 1998), seeded by one number; its first two words as 53 bits.</summary>
    internal static double FirstSample(uint seed)
    {
        var state = new uint[624];
        state[0] = seed;
        for (uint i = 1; i < state.Length; i++)
            state[i] = (1812433253u * (state[i - 1] ^ (state[i - 1] >> 30))) + i;
        return (((Word(0) >> 5) * 67108864.0) + (Word(1) >> 6)) / 9007199254740992.0;

        // The first words after seeding need no more of the next state than themselves.
        uint Word(int i)
        {
            uint joined = (state[i] & 0x80000000u) | (state[i + 1] & 0x7fffffffu);
            uint y = state[i + 397] ^ (joined >> 1) ^ ((joined & 1) * 0x9908b0dfu);
            y ^= y >> 11;
            y ^= (y << 7) & 0x9d2c5680u;
            y ^= (y << 15) & 0xefc60000u;
            return y ^ (y >> 18);
        }
    }
}
