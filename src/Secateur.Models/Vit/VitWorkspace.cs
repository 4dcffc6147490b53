using Secateur.Kernels;
using Secateur.Models.Layers;
using Secateur.Models.Tokens;

namespace Secateur.Models.Vit;

/// <summary>Everything one run needs to write to: a network is immutable, and each concurrent run has a workspace of its own.</summary>
internal sealed class VitWorkspace(int batch, int tokensPerImage, int patchLength, (int Rows, int Columns) grid, bool hasClassToken, int width, IReadOnlyList<Block> blocks, VitHead head)
{
    public int Batch => batch;

    public TokenRows Tokens { get; } = new(batch, batch * tokensPerImage, width);

    public BlockBuffers Blocks { get; } = new(batch * tokensPerImage, width, blocks);

    public VitHeadBuffers Head { get; } = new(batch, head);

    public Matrix Unfolded { get; } = Matrix.Allocate(grid.Rows * grid.Columns, patchLength);

    public Reduction Reduction { get; } = new(batch, batch * tokensPerImage, width, grid, hasClassToken);
}
