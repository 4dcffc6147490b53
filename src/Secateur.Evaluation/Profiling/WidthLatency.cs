using System.Collections.Immutable;
using Secateur.Compression.Structured;
using Secateur.Models;

namespace Secateur.Evaluation.Profiling;

/// <summary>What the blocks of a network take on a device against the number of heads and neurons that are left in them, all tokens present.</summary>
/// <param name="Tokens">Tokens of a sequence.</param>
/// <param name="Outside">Milliseconds of embedding and head.</param>
/// <param name="Blocks">Every block of the network as it is, [depth].</param>
/// <param name="Shapes">One for each distinct shape; together they are of every block.</param>
public sealed record WidthLatency(int Tokens, double Outside, ImmutableArray<BlockLatency> Blocks, ImmutableArray<ShapeLatency> Shapes)
{
    /// <summary>Milliseconds by heads and neurons: each block's own time as it is, times the part of it that its shape takes with fewer of them.</summary>
    /// <returns>Costs for <see cref="Compression.Structured.Allocate.LatencyAware"/>, of a run of the whole batch.</returns>
    public StructureCosts Costs()
    {
        var attention = new ImmutableArray<double>[Blocks.Length];
        var mlp = new ImmutableArray<double>[Blocks.Length];
        foreach (ShapeLatency shape in Shapes)
        {
            double[] heads = WidthTable.Of(shape.Heads, shape.Shape.Heads, 1), neurons = WidthTable.Of(shape.Neurons, shape.Shape.Neurons, shape.Step);
            foreach (int block in shape.Blocks)
            {
                attention[block] = [.. heads.Select(time => Blocks[block].Attention * time / heads[^1])];
                mlp[block] = [.. neurons.Select(time => Blocks[block].Mlp * time / neurons[^1])];
            }
        }

        return new([.. attention], [.. mlp], Outside);
    }
}

/// <summary>The times of blocks of one shape.</summary>
/// <param name="Shape">As the network has them.</param>
/// <param name="Blocks">Which ones, ascending.</param>
/// <param name="Heads">Attention (with its norm and residual) by heads that are left; from 0 to all.</param>
/// <param name="Neurons">MLP (with its norm and residual) by neurons that are left; from 0 to all.</param>
/// <param name="Step">Neurons that cost together: the MLP takes as long as with the next multiple of this; 1 where no such steps are beyond the noise.</param>
public sealed record ShapeLatency(BlockShape Shape, ImmutableArray<int> Blocks, ImmutableArray<WidthPoint> Heads, ImmutableArray<WidthPoint> Neurons, int Step);

/// <summary>What half a block takes with some of its units.</summary>
/// <param name="Kept">Units that are left.</param>
/// <param name="Milliseconds">Of a run of the whole batch.</param>
/// <param name="Samples">How many runs were timed.</param>
public sealed record WidthPoint(int Kept, Spread Milliseconds, int Samples);
