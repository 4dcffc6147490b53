using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens.Scores;

/// <summary>Drawn by a seed, whatever a token shows: what every score must beat.</summary>
/// <param name="seed">Of the draw; every sequence of as many tokens has the same scores.</param>
internal sealed class RandomScore(int seed) : ITokenScore
{
    public TokenSignals Needs => TokenSignals.None;

    public void Score(in TokenView view, Span<float> scores)
    {
        var random = new Random(seed);
        for (int i = 0; i < scores.Length; i++)
            scores[i] = random.NextSingle();
    }
}
