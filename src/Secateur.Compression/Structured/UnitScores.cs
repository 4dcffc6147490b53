namespace Secateur.Compression.Structured;

/// <summary>How much each head and neuron matters; a larger score is kept first. Scores of heads are comparable with each other across blocks, and so
/// are those of neurons; whether heads compare with neurons is the scorer's to say.</summary>
/// <param name="Heads">[blocks][heads of the block].</param>
/// <param name="Neurons">[blocks][neurons of the block].</param>
public sealed record UnitScores(float[][] Heads, float[][] Neurons);
