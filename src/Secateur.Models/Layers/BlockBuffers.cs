using Secateur.Kernels;

namespace Secateur.Models.Layers;

/// <summary>Intermediate rows of a block, used again by every block.</summary>
internal sealed class BlockBuffers
{
    readonly AlignedBuffer normed;
    readonly AlignedBuffer heads;
    readonly AlignedBuffer queryKeyValue;
    readonly AlignedBuffer hidden;

    /// <summary>Room for this many rows in every block.</summary>
    public BlockBuffers(int rows, int width, IReadOnlyList<Block> blocks)
    {
        normed = Room(width);
        heads = Room(blocks.Max(block => Math.Max(block.AttentionWidth, block.Gated ? block.Neurons : 0)));
        queryKeyValue = Room(blocks.Max(block => 3 * block.AttentionWidth));
        hidden = Room(blocks.Max(block => block.MlpWidth));

        AlignedBuffer Room(int columns) => new(checked(rows * Matrix.PaddedStride(columns)));
    }

    public AttentionScratch Scratch { get; } = new();

    public Matrix Normed(int rows, int columns) => View(normed, rows, columns);

    public Matrix Heads(int rows, int columns) => View(heads, rows, columns);

    public Matrix QueryKeyValue(int rows, int columns) => View(queryKeyValue, rows, columns);

    public Matrix Hidden(int rows, int columns) => View(hidden, rows, columns);

    static Matrix View(AlignedBuffer buffer, int rows, int columns) => new(buffer, 0, rows, columns, Matrix.PaddedStride(columns));
}
