using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens.Scores;

/// <summary>How near the picture's centre a token is from, whatever it shows: 1 / (1 + distance in patches).</summary>
internal sealed class CentreScore : ITokenScore
{
    public TokenSignals Needs => TokenSignals.None;

    public void Score(in TokenView view, Span<float> scores)
    {
        for (int i = view.Prefix; i < scores.Length; i++)
        {
            (int down, int right) = CentreOffset.Of(view, i);
            scores[i] = (float)(1 / (1 + (Math.Sqrt((down * down) + (right * right)) / 2)));
        }
    }
}
