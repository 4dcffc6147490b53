namespace Secateur.Models;

/// <summary>What a block consists of.</summary>
/// <param name="Heads">Attention heads.</param>
/// <param name="HeadDim">Columns of a head.</param>
/// <param name="Neurons">MLP neurons.</param>
/// <param name="Gated">Whether each neuron has a gate (SwiGLU).</param>
public readonly record struct BlockShape(int Heads, int HeadDim, int Neurons, bool Gated)
{
    /// <summary>Multiply-adds of the attention of one sequence: four products of tokens with weights, two of tokens with tokens. A head that is
    /// left out is left out of the latter; queries, keys, values and the projection are computed whole.</summary>
    /// <param name="tokens">Tokens of the sequence, prefix included.</param>
    /// <param name="width">Floats in a token.</param>
    /// <param name="active">Heads that are computed.</param>
    /// <returns>The count.</returns>
    public long AttentionMacs(long tokens, int width, int active) => (4 * tokens * width * Heads * HeadDim) + (2 * tokens * tokens * active * HeadDim);

    /// <summary>Multiply-adds of the MLP.</summary>
    /// <param name="tokens">Tokens, of one sequence or of many.</param>
    /// <param name="width">Floats in a token.</param>
    /// <returns>The count.</returns>
    public long MlpMacs(long tokens, int width) => tokens * width * Neurons * (Gated ? 3 : 2);
}
