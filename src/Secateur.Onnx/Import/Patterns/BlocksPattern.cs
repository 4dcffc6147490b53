using Secateur.Models.Checkpoints;

namespace Secateur.Onnx.Import.Patterns;

/// <summary>All blocks of an encoder, each in two halves.</summary>
/// <param name="Input">The tokens that enter the first.</param>
/// <param name="Halves">Attention and MLP of each block; null where a half is not there at all.</param>
internal sealed record BlocksPattern(Edge Input, IReadOnlyList<(HalfPattern? Attention, HalfPattern? Mlp)> Halves)
{
    const int MostHalves = 1 << 12;

    /// <summary>Follows the sums back: x = x + f(norm(x)).</summary>
    /// <param name="output">The tokens that leave the last block.</param>
    /// <exception cref="CheckpointException">An operator does not fit; it is named.</exception>
    public static BlocksPattern NormFirst(Edge output)
    {
        var sums = new Stack<(Edge Sum, Edge Tokens, Edge? Branch, Edge? Constant)>();
        Edge x = output.Skip();
        while (sums.Count < MostHalves)
        {
            if (x.Two("Add") is var (tokens, branch))
                sums.Push((x, tokens, branch, null));
            else if (HalfPattern.Bare(x) is var (before, constant))
                sums.Push((x, before, null, constant));
            else
                break;
            x = sums.Peek().Tokens.Skip();
        }

        return new(x, Pair(sums.Select(sum => sum.Branch is { } branch ? HalfPattern.Of(sum.Sum, sum.Tokens, branch, normFirst: true) : new() { Sum = sum.Sum, Constant = sum.Constant })));
    }

    /// <summary>Follows the norms back: x = norm(x + f(x)).</summary>
    /// <param name="output">The tokens that leave the last block.</param>
    /// <param name="isEmbedding">Whether a sum is where the embedding ends.</param>
    /// <exception cref="CheckpointException">An operator does not fit; it is named.</exception>
    public static BlocksPattern NormLast(Edge output, Func<Edge, bool> isEmbedding)
    {
        var sums = new Stack<(Edge Sum, NormPattern Norm)>();
        Edge x = output.Skip();
        while (true)
        {
            NormPattern norm = NormPattern.Of(x) ?? throw x.Expected("the norm that ends half a block, or the embedding");
            Edge sum = norm.Input.Skip();
            if (isEmbedding(sum) || sums.Count == MostHalves)
                break;
            sums.Push((sum, norm));
            x = (sum.Two("Add")?.Earlier ?? HalfPattern.Bare(sum)?.Tokens ?? sum).Skip();
        }

        HalfPattern[] halves = [.. sums.Select(pair => Half(pair.Sum, pair.Norm))];
        if (halves.Length % 2 != 0 || halves.Where((half, i) => i % 2 == 0 ? half.Mlp is not null : half.Attention is not null).Any())
            throw (halves.Length > 0 ? halves[^1].Sum : x).Expected("attention and an MLP in turn, each with its sum and its norm");
        return new(x, [.. halves.Chunk(2).Select(block => ((HalfPattern?)block[0], (HalfPattern?)block[1]))]);
    }

    static HalfPattern Half(Edge sum, NormPattern norm) => sum.Two("Add") is var (tokens, branch)
        ? HalfPattern.Of(sum, tokens, branch, normFirst: false) with { Norm = norm }
        : new() { Sum = sum, Norm = norm, Constant = HalfPattern.Bare(sum)?.Constant };

    // Where all heads or neurons of a block were removed, nothing may be left of a half, or a constant.
    static List<(HalfPattern?, HalfPattern?)> Pair(IEnumerable<HalfPattern> halves)
    {
        var blocks = new List<(HalfPattern? Attention, HalfPattern? Mlp)>();
        bool open = false;
        foreach (HalfPattern half in halves)
        {
            bool closes = open && half.Attention is null;
            if (closes)
                blocks[^1] = (blocks[^1].Attention, half);
            else
                blocks.Add(half.Mlp is null ? (half, null) : (null, half));
            open = !closes && half.Mlp is null;
        }

        return blocks;
    }
}
