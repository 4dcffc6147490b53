using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>
/// Attention at another temperature. softmax(l / tau) is softmax(l) to the power 1 / tau with every row scaled to sum to 1 again, exactly:
/// no logits are needed, and there is no exponential that could overflow.
/// </summary>
internal static class Sharpening
{
    /// <summary>Sharpens a whole matrix.</summary>
    /// <param name="attention">[tokens, tokens], rows sum to 1, one row every <paramref name="stride"/> floats.</param>
    /// <param name="stride">Floats from one row's start to the next one's, in both places.</param>
    /// <param name="tokens">Rows and columns.</param>
    /// <param name="power">1 / tau.</param>
    /// <param name="sharp">Where it goes; must not overlap <paramref name="attention"/>.</param>
    internal static void Run(ReadOnlySpan<float> attention, int stride, int tokens, double power, Span<float> sharp)
    {
        for (int i = 0; i < tokens; i++)
        {
            ReadOnlySpan<float> from = attention.Slice(i * stride, tokens);
            Span<float> to = sharp.Slice(i * stride, tokens);
            Sums.Scale(to, 1 / (power == 2 ? Sums.Squares(from, to) : Powers(from, (float)power, to)));
        }
    }

    /// <summary>Multiply-adds of all heads: the sums of squares; other powers are no products.</summary>
    internal static long Macs(SelectionShape shape, double power) => power == 2 ? (long)shape.Block.Heads * shape.Tokens * shape.Tokens : 0;

    // Relative to the largest, so that no row vanishes when tau is small. (Squares cannot: the largest is at least 1 / tokens.)
    static float Powers(ReadOnlySpan<float> from, float power, Span<float> to)
    {
        float scale = 1 / Similarity.Largest(from);
        for (int j = 0; j < from.Length; j++)
            to[j] = MathF.Pow(from[j] * scale, power);
        return Sums.Of(to);
    }
}
