using System.Numerics;
using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>Copies of a batch, from each of which one unit of a block is missing: what removing it changes is one product, not a run.</summary>
/// <param name="network">Whose units.</param>
/// <param name="rows">Tokens of all copies together, at most.</param>
/// <param name="sequences">Sequences of all copies together, at most.</param>
internal sealed class MaskedBatch(Transformer network, int rows, int sequences)
{
    /// <summary>The copies.</summary>
    public TokenRows Tokens { get; } = new(sequences, rows, network.Width);

    /// <summary>Makes room for copies of a batch.</summary>
    /// <param name="copies">How many.</param>
    /// <param name="seen">The batch.</param>
    public void Begin(int copies, BlockActivations seen)
    {
        int[] lengths = [.. Enumerable.Range(0, seen.Sequences).Select(s => seen.Offsets[s + 1] - seen.Offsets[s])];
        Tokens.Reset([.. Enumerable.Repeat(lengths, copies).SelectMany(one => one)]);
    }

    /// <summary>Every copy becomes these rows.</summary>
    public void Fill(Matrix source)
    {
        for (int i = 0; i < Tokens.Count; i++)
            source.Row(i % source.Rows).CopyTo(Tokens.Rows.Row(i));
    }

    /// <summary>Takes a head's columns out of the sum behind the attention: its output times its part of the projection.</summary>
    /// <param name="copy">Of which copy.</param>
    /// <param name="seen">The whole block.</param>
    /// <param name="head">Which head.</param>
    /// <param name="weights">The block's.</param>
    public void WithoutHead(int copy, BlockActivations seen, int head, BlockWeights weights)
    {
        int columns = seen.Shape.HeadDim;
        ReadOnlySpan<float> outgoing = weights.OfHead(head);
        var removed = new float[outgoing.Length];
        for (int i = 0; i < columns; i++)
            for (int c = 0; c < network.Width; c++)
                removed[(c * columns) + i] = -outgoing[(i * network.Width) + c];
        KernelSet.Default.Multiply(
            network.Threads, seen.HeadOutputs.SliceColumns(head * columns, columns), KernelSet.Default.Pack(removed, network.Width, columns),
            Tokens.Rows.SliceRows(copy * seen.Rows, seen.Rows), new Epilogue { Residual = seen.SumOf(BlockSum.Middle) });
    }

    /// <summary>Takes a neuron out of the sum behind the MLP: the outer product of its activations and its outgoing weights.</summary>
    /// <param name="copy">Of which copy.</param>
    /// <param name="seen">The whole block.</param>
    /// <param name="neuron">Which neuron.</param>
    /// <param name="weights">The block's.</param>
    public void WithoutNeuron(int copy, BlockActivations seen, int neuron, BlockWeights weights) =>
        network.Threads.For(Outer.Tasks(seen.Rows), new Outer(seen.SumOf(BlockSum.Output), seen.Neurons.SliceColumns(neuron, 1), weights.OfNeuron(neuron), Tokens.Rows.SliceRows(copy * seen.Rows, seen.Rows)));

    /// <summary>y = x - a w^T.</summary>
    readonly struct Outer(Matrix x, Matrix a, ReadOnlyMemory<float> w, Matrix y) : IWork
    {
        const int Rows = 64;

        public static int Tasks(int rows) => (rows + Rows - 1) / Rows;

        public void Run(int task, int worker)
        {
            ReadOnlySpan<float> weights = w.Span;
            for (int i = task * Rows; i < Math.Min(x.Rows, (task + 1) * Rows); i++)
            {
                ReadOnlySpan<float> from = x.Row(i);
                Span<float> to = y.Row(i);
                float activation = a.Row(i)[0];
                int c = 0;
                for (; c <= to.Length - Vector<float>.Count; c += Vector<float>.Count)
                    (new Vector<float>(from[c..]) - (activation * new Vector<float>(weights[c..]))).CopyTo(to[c..]);
                for (; c < to.Length; c++)
                    to[c] = from[c] - (activation * weights[c]);
            }
        }
    }
}
