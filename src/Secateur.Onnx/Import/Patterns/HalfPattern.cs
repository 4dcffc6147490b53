using Secateur.Models.Checkpoints;

namespace Secateur.Onnx.Import.Patterns;

/// <summary>Half of a block: what attention or MLP adds to the tokens, with its norm; or a constant, where all heads or neurons were removed and only a bias is left.</summary>
internal sealed record HalfPattern
{
    /// <summary>The sum with the tokens.</summary>
    public required Edge Sum { get; init; }

    /// <summary>The norm before or after it; null where it has none.</summary>
    public NormPattern? Norm { get; init; }

    /// <summary>Attention; null in an MLP.</summary>
    public AttentionPattern? Attention { get; init; }

    /// <summary>The MLP; null in attention.</summary>
    public MlpPattern? Mlp { get; init; }

    /// <summary>The product that ends either.</summary>
    public LinearPattern? Last { get; init; }

    /// <summary>What multiplies each column before the sum (LayerScale); null where nothing does.</summary>
    public Edge? LayerScale { get; init; }

    /// <summary>What is added where neither is there; null for nothing.</summary>
    public Edge? Constant { get; init; }

    /// <summary>The tokens before a sum, where a constant is added that is the same for each of them; null where there is none.</summary>
    public static (Edge Tokens, Edge Constant)? Bare(Edge sum) =>
        sum.WithConstant("Add") is var (tokens, constant) && constant.Length == sum.Last() && constant.Last() == sum.Last() ? (tokens.Skip(), constant) : null;

    /// <summary>Matches what is added.</summary>
    /// <param name="sum">The sum.</param>
    /// <param name="tokens">What it is added to.</param>
    /// <param name="branch">What is added.</param>
    /// <param name="normFirst">Whether a norm of the tokens comes first.</param>
    /// <exception cref="CheckpointException">An operator does not fit; it is named.</exception>
    public static HalfPattern Of(Edge sum, Edge tokens, Edge branch, bool normFirst)
    {
        branch = branch.Skip();
        Edge? scale = null;
        if (branch.WithConstant("Mul") is var (product, factor) && factor.Length == sum.Last() && factor.Last() == sum.Last())
            (branch, scale) = (product.Skip(), factor);
        LinearPattern last = LinearPattern.Of(branch) ?? throw branch.Expected("the product with a stored weight that ends attention or an MLP");
        AttentionPattern? attention = AttentionPattern.Ends(last.Input) ? AttentionPattern.Of(last.Input) : null;
        MlpPattern? mlp = attention is null ? MlpPattern.Of(last.Input) : null;
        Edge read = (attention?.Input ?? mlp!.Input).Skip();
        NormPattern? norm = null;
        if (normFirst)
            norm = NormPattern.Of(read) is { } found && found.Input.Skip() == tokens.Skip() ? found : throw read.Expected($"a norm of the tokens to which this half of a block is added, {tokens}");
        else if (read != tokens.Skip())
            throw read.Expected($"the tokens to which this half of a block is added, {tokens}");
        return new() { Sum = sum, Norm = norm, Attention = attention, Mlp = mlp, Last = last, LayerScale = scale };
    }
}
