using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens.Scores;

/// <summary>How important each token of a sequence is. A value of its own, so that any score may feed any rule that keeps, drops, merges or fuses.
/// Immutable; one instance may serve many threads.</summary>
internal interface ITokenScore
{
    /// <summary>What <see cref="Score"/> looks at.</summary>
    TokenSignals Needs { get; }

    /// <summary>Scores the tokens.</summary>
    /// <param name="view">One sequence.</param>
    /// <param name="scores">The larger, the more important; entries of prefix tokens may hold anything, [tokens].</param>
    void Score(in TokenView view, Span<float> scores);

    /// <summary>Multiply-adds of <see cref="Score"/>, counted as <see cref="ITokenReducer.SelectionMacs"/> says.</summary>
    long Macs(SelectionShape shape) => 0;
}
