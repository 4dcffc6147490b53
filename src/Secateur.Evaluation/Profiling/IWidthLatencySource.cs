using System.Collections.Immutable;
using Secateur.Models;

namespace Secateur.Evaluation.Profiling;

/// <summary>A network in some runtime whose blocks can be made narrower and timed.</summary>
public interface IWidthLatencySource
{
    /// <summary>Heads and neurons of every block.</summary>
    ImmutableArray<BlockShape> Blocks { get; }

    /// <summary>Tokens of a sequence in every run.</summary>
    int Tokens { get; }

    /// <summary>Gets narrower networks ready: whatever a run must not spend its time on.</summary>
    /// <param name="batch">Sequences in a run.</param>
    /// <param name="networks">Heads and neurons that are left in every block, [networks][depth].</param>
    void Prepare(int batch, ImmutableArray<ImmutableArray<(int Heads, int Neurons)>> networks);

    /// <summary>Runs one of them once.</summary>
    /// <param name="index">Which, in the order in which they were prepared.</param>
    /// <param name="blocks">Receives what each block took, [depth].</param>
    /// <returns>Milliseconds of embedding, blocks and head; of texts, whose embedding only looks up, of blocks and head.</returns>
    double Run(int index, Span<BlockLatency> blocks);
}
