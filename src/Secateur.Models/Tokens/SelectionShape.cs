namespace Secateur.Models.Tokens;

/// <summary>The sizes on which the cost of a decision depends.</summary>
/// <param name="Tokens">Tokens of the sequence, prefix included.</param>
/// <param name="Prefix">Leading tokens that must survive alone.</param>
/// <param name="Width">Floats in a token.</param>
/// <param name="Block">The block where it is made.</param>
public readonly record struct SelectionShape(int Tokens, int Prefix, int Width, BlockShape Block)
{
    /// <summary>Tokens that may go.</summary>
    public int Patches => Tokens - Prefix;
}
