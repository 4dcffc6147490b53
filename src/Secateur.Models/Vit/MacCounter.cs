using Secateur.Models.Tokens;

namespace Secateur.Models.Vit;

/// <summary>Counts the multiply-adds that a run really executes: 4 products of attention, its two token-by-token products, the MLP,
/// patch embedding and classifier. Norms, softmax and activations are not counted, as in the papers.</summary>
/// <param name="network">The network that runs.</param>
public sealed class MacCounter(VisionTransformer network) : RunObserver
{
    readonly System.Collections.Immutable.ImmutableArray<BlockShape> blocks = network.Blocks;

    /// <summary>Multiply-adds of all blocks: what the papers count.</summary>
    public long Blocks { get; private set; }

    /// <summary>Pictures that ran.</summary>
    public long Images { get; private set; }

    /// <summary>Blocks, patch embedding and classifier.</summary>
    public long Total => Blocks + (Images * (network.OuterMacs.Embedding + network.OuterMacs.Head));

    /// <summary>Counts a plan without running it: every picture keeps the same number of tokens, and every head is computed.</summary>
    /// <param name="network">The network.</param>
    /// <param name="plan">A plan whose counts do not depend on the picture.</param>
    /// <returns>Multiply-adds for one picture: of the blocks alone, and with patch embedding and classifier.</returns>
    public static (long Blocks, long Total) Count(VisionTransformer network, TokenPlan plan)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(plan);
        var counter = new MacCounter(network) { Images = 1 };
        int block = 0;
        foreach ((int attention, int mlp) in plan.PatchesByBlock(network.Depth, network.PatchTokens))
        {
            counter.AddAttention(block, network.PrefixTokens + attention, counter.blocks[block].Heads);
            counter.AddMlp(block++, network.PrefixTokens + mlp);
        }

        return (counter.Blocks, counter.Total);
    }

    /// <inheritdoc/>
    public override void OnEmbedding(TokenRows tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        Images += tokens.Sequences;
    }

    /// <inheritdoc/>
    public override void OnAttention(int block, TokenRows tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        for (int s = 0; s < tokens.Sequences; s++)
            AddAttention(block, tokens.Offsets[s + 1] - tokens.Offsets[s], tokens.ActiveHeads(s, blocks[block].Heads));
    }

    /// <inheritdoc/>
    public override void OnMlp(int block, TokenRows tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        AddMlp(block, tokens.Count);
    }

    void AddAttention(int block, long tokens, int active) => Blocks += blocks[block].AttentionMacs(tokens, network.Width, active);

    void AddMlp(int block, long tokens) => Blocks += blocks[block].MlpMacs(tokens, network.Width);
}
