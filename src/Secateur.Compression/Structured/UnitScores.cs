namespace Secateur.Compression.Structured;

/// <summary>How much each head and neuron matters: what is lost with all of it. Larger scores are kept first, and totals are compared when a budget is
/// spent, so that heads and neurons of all blocks must be on one scale. A measure that is one of single weights is multiplied by how many a unit has.</summary>
/// <param name="Heads">[blocks][heads of the block].</param>
/// <param name="Neurons">[blocks][neurons of the block].</param>
public sealed record UnitScores(float[][] Heads, float[][] Neurons);
