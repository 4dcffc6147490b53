using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens.Rules;

/// <summary>What a composition does with the tokens once they are ranked.</summary>
internal interface ITokenRule
{
    /// <summary>What <see cref="Decide"/> looks at besides the scores.</summary>
    TokenSignals Needs => TokenSignals.None;

    /// <summary>Whether tokens go without a trace.</summary>
    bool Drops => false;

    /// <summary>As <see cref="ITokenReducer.MostToRemove"/>.</summary>
    int MostToRemove(int patches) => patches;

    /// <summary>As <see cref="ITokenReducer.CountToRemove"/>.</summary>
    int CountToRemove(int patches, double keep) => patches - (int)(keep * patches);

    /// <summary>Decides.</summary>
    /// <param name="view">The sequence.</param>
    /// <param name="scores">One a token, the larger the more important, [tokens]; those of prefix tokens mean nothing.</param>
    /// <param name="remove">How many tokens go, in [1, <see cref="MostToRemove"/>].</param>
    /// <returns>The decision.</returns>
    TokenMap Decide(in TokenView view, ReadOnlySpan<float> scores, int remove);

    /// <summary>Multiply-adds of <see cref="Decide"/> and of carrying it out, counted as <see cref="ITokenReducer.SelectionMacs"/> says.</summary>
    long Macs(SelectionShape shape, int remove) => 0;
}
