using Secateur.Kernels;
using Secateur.Models.Tokens;

namespace Secateur.Models;

/// <summary>Everything that one block computes of a batch, filled by <see cref="Transformer.Look"/>. The room grows as needed and is used again
/// from block to block: views are good until the next look. What the way back needs besides is made when it is first asked for.</summary>
public sealed class BlockActivations
{
    readonly Room input = new(), queryKeyValue = new(), headOutputs = new(), middle = new(), hidden = new(), neurons = new(), output = new();
    readonly Room normed = new(), middleSum = new(), outputSum = new();
    readonly Room half = new(), queryKeyValueGradients = new(), headGradients = new(), headColumns = new(), hiddenGradients = new(), neuronGradients = new();
    int[] offsets = [0];
    int width;

    /// <summary>Which block it shows; -1 before any.</summary>
    public int Block { get; private set; } = -1;

    /// <summary>What that block consists of.</summary>
    public BlockShape Shape { get; private set; }

    /// <summary>Tokens of all sequences together.</summary>
    public int Rows => offsets[^1];

    /// <summary>Number of sequences.</summary>
    public int Sequences => offsets.Length - 1;

    /// <summary>First row of each sequence, and <see cref="Rows"/> at the end, [sequences + 1].</summary>
    public ReadOnlySpan<int> Offsets => offsets;

    /// <summary>What enters the block, [rows, width].</summary>
    public Matrix Input => input.View(Rows, width);

    /// <summary>Queries, keys and values, each head after head, [rows, 3 * heads * headDim].</summary>
    public Matrix QueryKeyValue => queryKeyValue.View(Rows, 3 * AttentionWidth);

    /// <summary>What the heads yield, before the projection, [rows, heads * headDim].</summary>
    public Matrix HeadOutputs => headOutputs.View(Rows, AttentionWidth);

    /// <summary>After the attention's half of the block, residual (and, post-norm, norm) included, [rows, width].</summary>
    public Matrix Middle => middle.View(Rows, width);

    /// <summary>What enters the activation, [rows, neurons]; gates, then values, where there are gates: [rows, 2 * neurons].</summary>
    public Matrix Hidden => hidden.View(Rows, HiddenWidth);

    /// <summary>What leaves the activation, or the gated product, [rows, neurons].</summary>
    public Matrix Neurons => neurons.View(Rows, Shape.Neurons);

    /// <summary>What leaves the block, [rows, width].</summary>
    public Matrix Output => output.View(Rows, width);

    /// <summary>One of the block's two sums with the tokens that go past it, before any norm that follows it; for <see cref="Transformer.RunOn"/>.</summary>
    /// <param name="sum">Which.</param>
    /// <returns>[rows, width].</returns>
    public Matrix SumOf(BlockSum sum) => (sum, NormFirst) switch
    {
        (BlockSum.Middle, true) => Middle,
        (BlockSum.Middle, false) => MiddleSum,
        (_, true) => Output,
        (_, false) => OutputSum,
    };

    /// <summary>Whether the block is a pre-norm one.</summary>
    internal bool NormFirst { get; set; }

    internal ReadOnlyMemory<int> OffsetsMemory => offsets;

    internal AttentionScratch Scratch { get; } = new();

    internal Matrix Normed => normed.View(Rows, width);

    /// <summary>Post-norm: what enters the first norm.</summary>
    internal Matrix MiddleSum => middleSum.View(Rows, width);

    /// <summary>Post-norm: what enters the second norm.</summary>
    internal Matrix OutputSum => outputSum.View(Rows, width);

    internal Matrix Half => half.View(Rows, width);

    internal Matrix QueryKeyValueGradients => queryKeyValueGradients.View(Rows, 3 * AttentionWidth);

    internal Matrix HeadGradients => headGradients.View(Rows, AttentionWidth);

    internal Matrix HeadColumns => headColumns.View(Sequences, AttentionWidth);

    internal Matrix HiddenGradients => hiddenGradients.View(Rows, HiddenWidth);

    internal Matrix NeuronGradients => neuronGradients.View(Rows, Shape.Neurons);

    int AttentionWidth => Shape.Heads * Shape.HeadDim;

    int HiddenWidth => (Shape.Gated ? 2 : 1) * Shape.Neurons;

    internal void Begin(int block, BlockShape shape, TokenRows tokens)
    {
        (Block, Shape, width) = (block, shape, tokens.Rows.Columns);
        if (!tokens.Offsets.SequenceEqual(offsets))
            offsets = tokens.Offsets.ToArray();
        Matrix to = Input;
        for (int i = 0; i < Rows; i++)
            tokens.Rows.Row(i).CopyTo(to.Row(i));
    }

    sealed class Room
    {
        AlignedBuffer buffer = new(0);

        public Matrix View(int rows, int columns)
        {
            int stride = Matrix.PaddedStride(columns), floats = checked(rows * stride);
            if (buffer.Length < floats)
                buffer = new(floats);
            return new(buffer, 0, rows, columns, stride);
        }
    }
}
