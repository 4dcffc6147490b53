using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens.Rules;

/// <summary>The least important go; the others keep their order (Zero-TPrune's I-stage).</summary>
internal sealed class DropRule : ITokenRule
{
    public bool Drops => true;

    public TokenMap Decide(in TokenView view, ReadOnlySpan<float> scores, int remove) => Survivors.Keep(view, [], remove, scores);
}
