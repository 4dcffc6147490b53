namespace Secateur.Onnx.Import.Patterns;

/// <summary>How the columns of products become heads: whether all tokens are cut in the same way, and how.</summary>
internal sealed class HeadCut(int batch, int heads, int tokens, int headDim)
{
    // For each token of each sequence, its row in the products.
    int[]? rows;

    /// <summary>Which column of the product each column of each head is; null where tokens differ, or the rows are not those of the others.</summary>
    /// <param name="view">Queries or values, [.., tokens, columns of a head]; keys turned round.</param>
    /// <param name="turned">Whether the last two sides change places.</param>
    public int[]? Columns(HeadView view, bool turned)
    {
        rows ??= [.. Enumerable.Range(0, batch * tokens).Select(i => view.At(Place(i / tokens * heads, i % tokens, 0, turned)).Row)];
        var columns = new int[heads * headDim];
        for (int h = 0; h < heads; h++)
            for (int d = 0; d < headDim; d++)
                columns[(h * headDim) + d] = view.At(Place(h, 0, d, turned)).Column;
        for (int s = 0; s < batch; s++)
            for (int h = 0; h < heads; h++)
                for (int t = 0; t < tokens; t++)
                    for (int d = 0; d < headDim; d++)
                        if (view.At(Place((s * heads) + h, t, d, turned)) != (rows[(s * tokens) + t], columns[(h * headDim) + d]))
                            return null;
        return columns;
    }

    /// <summary>Whether what the heads answer lies side by side in their order, in the rows that the tokens came from.</summary>
    /// <param name="merged">Moved from [.., tokens, columns of a head].</param>
    public bool Merges(HeadView merged)
    {
        int width = heads * headDim;
        if (merged.Source.Length != batch * tokens * width || Sizes.Product(merged.Shape) != merged.Source.Length || merged.Shape[^1] != width)
            return false;
        for (int s = 0; s < batch; s++)
            for (int t = 0; t < tokens; t++)
                for (int c = 0; c < width; c++)
                {
                    int index = (rows![(s * tokens) + t] * width) + c;
                    if ((merged.Places?[index] ?? index) != Place((s * heads) + (c / headDim), t, c % headDim, turned: false))
                        return false;
                }

        return true;
    }

    int Place(int head, int token, int column, bool turned) =>
        turned ? (((head * headDim) + column) * tokens) + token : (((head * tokens) + token) * headDim) + column;
}
