using Secateur.Kernels;
using Secateur.Models.Tokens;

namespace Secateur.Models;

/// <content>Looking into blocks, and gradients with respect to activations and to masks of heads and neurons; never to weights.</content>
public abstract partial class Transformer
{
    /// <summary>Runs one block and keeps everything that it computes.</summary>
    /// <param name="block">Which.</param>
    /// <param name="input">What enters it, none of it merged; stays as it is.</param>
    /// <param name="room">Made for this network and as many tokens; filled.</param>
    /// <exception cref="ArgumentException">There is no such block, or the room is too small.</exception>
    public void Look(int block, TokenRows input, BlockActivations room)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(room);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)block, (uint)Depth, nameof(block));
        if (input.Merged || input.Rows.Columns != Width)
            throw new ArgumentException($"Blocks are looked into with tokens of {Width} floats, none of them merged.", nameof(input));
        room.Begin(block, BlockList[block].Shape, input);
        BlockList[block].Look(Engine, room);
    }

    /// <summary>From the gradient of anything with respect to what leaves a block to the gradients with respect to what enters it and to masks
    /// of ones multiplied into the outputs of heads (before the projection) and of neurons (after activation and gate). Goes back only as far as
    /// is asked. The first call packs the block's weights once more, turned round.</summary>
    /// <param name="block">Which.</param>
    /// <param name="seen">Filled by <see cref="Look"/> for this block; its room is worked in, so that a room serves one caller at a time.</param>
    /// <param name="outputGradient">[tokens, <see cref="Width"/>].</param>
    /// <param name="inputGradient">Receives [tokens, <see cref="Width"/>]; may be <paramref name="outputGradient"/>; null for no interest.</param>
    /// <param name="headGradients">Receives [sequences, heads]: the sum over each sequence's tokens; null for no interest.</param>
    /// <param name="neuronGradients">Receives [sequences, neurons]; null for no interest.</param>
    /// <exception cref="ArgumentException">A shape does not fit, or the room shows another block.</exception>
    public void Backward(int block, BlockActivations seen, Matrix outputGradient, Matrix? inputGradient, Matrix? headGradients, Matrix? neuronGradients)
    {
        ArgumentNullException.ThrowIfNull(seen);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)block, (uint)Depth, nameof(block));
        if (seen.Block != block)
            throw new ArgumentException($"The room shows block {seen.Block}, not block {block}; look into it first.", nameof(seen));
        Require(outputGradient, seen.Rows, Width, nameof(outputGradient));
        Require(inputGradient, seen.Rows, Width, nameof(inputGradient));
        Require(headGradients, seen.Sequences, seen.Shape.Heads, nameof(headGradients));
        Require(neuronGradients, seen.Sequences, seen.Shape.Neurons, nameof(neuronGradients));
        BlockList[block].Backward(Engine, seen, outputGradient, inputGradient, headGradients, neuronGradients);
    }

    /// <summary>From the gradient of anything with respect to the logits to that with respect to what leaves the last block.</summary>
    /// <param name="last">What leaves the last block; stays as it is.</param>
    /// <param name="logitGradients">[<see cref="Answers"/>, <see cref="Classes"/>].</param>
    /// <param name="tokenGradients">Receives [tokens, <see cref="Width"/>].</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public void HeadBackward(TokenRows last, Matrix logitGradients, Matrix tokenGradients)
    {
        ArgumentNullException.ThrowIfNull(last);
        Require(logitGradients, Answers(last), Classes, nameof(logitGradients));
        Require(tokenGradients, last.Count, Width, nameof(tokenGradients));
        RunHeadBackward(last, logitGradients, tokenGradients);
    }

    private protected abstract void RunHeadBackward(TokenRows last, Matrix logitGradients, Matrix tokenGradients);

    static void Require(Matrix? wanted, int rows, int columns, string name)
    {
        if (wanted is { } matrix && (matrix.Rows != rows || matrix.Columns != columns))
            throw new ArgumentException($"[{matrix.Rows}, {matrix.Columns}] should be [{rows}, {columns}].", name);
    }
}
