using Secateur.Models;

namespace Secateur.Compression.Structured.Score;

/// <summary>How many weights a unit has, in rows of the network's width: what a measure of single weights is multiplied by, so that a head is weighed
/// against as many neurons as it has weights for (FLAP's released code counts a head of 128 columns as 512 / 3 gated neurons for the same reason).</summary>
internal static class UnitSize
{
    /// <summary>Of a head: queries, keys, values, projection.</summary>
    public static int OfHead(BlockShape block) => 4 * block.HeadDim;

    /// <summary>Of a neuron: in, its gate's if there is one, out.</summary>
    public static int OfNeuron(BlockShape block) => block.Gated ? 3 : 2;
}
