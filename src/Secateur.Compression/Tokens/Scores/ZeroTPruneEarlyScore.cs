using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens.Scores;

/// <summary>Votes over sharpened attention from a uniform start: the importance of Zero-TPrune's early form (<see cref="ZeroTPruneEarly"/>).</summary>
/// <param name="votes">At least 1.</param>
internal sealed class ZeroTPruneEarlyScore(int votes) : ITokenScore
{
    readonly ZeroTPruneEarly method = new(new() { Iterations = votes });

    public TokenSignals Needs => method.Needs;

    public long Macs(SelectionShape shape) => method.ImportanceMacs(shape);

    public void Score(in TokenView view, Span<float> scores) => method.Importance(view, scores);
}
