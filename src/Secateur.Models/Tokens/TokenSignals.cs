namespace Secateur.Models.Tokens;

/// <summary>What a method asks to see. Attention computes no more than is asked; when nothing is asked the fast path is untouched.</summary>
[Flags]
public enum TokenSignals
{
    /// <summary>Only counts and sizes.</summary>
    None = 0,

    /// <summary>The tokens where the method acts (<see cref="TokenView.Token"/>).</summary>
    Tokens = 1,

    /// <summary>The tokens that entered the block (<see cref="TokenView.Input"/>).</summary>
    Input = 2,

    /// <summary>Queries, keys and values of the block (<see cref="TokenView.Query"/>, <see cref="TokenView.Key"/>, <see cref="TokenView.Value"/>).</summary>
    QueryKeyValue = 4,

    /// <summary>The class token's attention (<see cref="TokenView.ClassAttention"/>); in a network without a class token
    /// <see cref="Received"/> comes with it.</summary>
    ClassAttention = 8,

    /// <summary>Column sums of the attention (<see cref="TokenView.Received"/>).</summary>
    Received = 16,

    /// <summary>The whole attention (<see cref="TokenView.Attention"/>).</summary>
    Attention = 32,

    /// <summary>The magnitudes of the heads' outputs (<see cref="TokenView.HeadMagnitude"/>).</summary>
    HeadMagnitude = 64,

    /// <summary>The entropies of the heads' rows (<see cref="TokenView.HeadEntropy"/>).</summary>
    HeadEntropy = 128,
}
