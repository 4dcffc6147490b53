using Secateur.Kernels;
using Secateur.Models.Tokens;

namespace Secateur.Models;

/// <content>Running on from inside a block, for whoever changes what a head or a neuron adds.</content>
public abstract partial class Transformer
{
    /// <summary>Runs on from one of a block's sums: the rest of the block, the later blocks, the head.</summary>
    /// <param name="tokens">The sum; replaced by what leaves the last block.</param>
    /// <param name="block">Whose sum.</param>
    /// <param name="sum">Which of the two.</param>
    /// <param name="logits">Receives [<see cref="Answers"/>, <see cref="Classes"/>].</param>
    /// <param name="observer">Shown the tokens; default: nobody.</param>
    /// <param name="cancellation">Stops between two blocks.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public void RunOn(TokenRows tokens, int block, BlockSum sum, Span<float> logits, RunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)block, (uint)Depth, nameof(block));
        if (sum == BlockSum.Middle)
        {
            BlockList[block].NormMiddle(Engine, tokens.Rows);
            observer?.OnMlp(block, tokens);
            (int Rows, Layers.BlockBuffers Buffers) room = Rent(tokens.Count);
            BlockList[block].AddMlp(Engine, tokens, room.Buffers);
            rooms.Add(room);
        }

        observer?.OnOutputSum(block, tokens);
        BlockList[block].NormOutput(Engine, tokens.Rows);
        observer?.OnBlock(block, tokens);
        RunBlocks(tokens, block + 1, logits, observer, cancellation);
    }

    /// <summary>What a block's attention reads of tokens that enter it: their norm in a pre-norm block, in a post-norm block themselves.</summary>
    /// <param name="block">Which block.</param>
    /// <param name="tokens">[rows, <see cref="Width"/>].</param>
    /// <param name="read">Receives [rows, <see cref="Width"/>].</param>
    public void NormInput(int block, Matrix tokens, Matrix read)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)block, (uint)Depth, nameof(block));
        BlockList[block].NormInput(Engine, tokens, read);
    }
}
