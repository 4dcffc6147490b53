using Secateur.Models.Tokens;

namespace Secateur.Models.Vit;

/// <summary>Counts the multiply-adds that a run really executes: 4 products of attention, its two token-by-token products, the MLP,
/// patch embedding and classifier, and what the stages of the plan decide (<see cref="ITokenReducer.SelectionMacs"/>). Norms, softmax and
/// activations are not counted, as in the papers.</summary>
/// <param name="network">The network that runs.</param>
/// <param name="plan">The plan that it runs under.</param>
public sealed class MacCounter(VisionTransformer network, TokenPlan plan) : RunObserver
{
    readonly System.Collections.Immutable.ImmutableArray<BlockShape> blocks = network.Blocks;

    /// <summary>Multiply-adds of all blocks: what the papers count.</summary>
    public long Blocks { get; private set; }

    /// <summary>Multiply-adds of what the stages of the plan decided, and of carrying it out.</summary>
    public long Selection { get; private set; }

    /// <summary>Pictures that ran.</summary>
    public long Images { get; private set; }

    /// <summary>Blocks, patch embedding and classifier: what budgets mean.</summary>
    public long Total => Blocks + (Images * (network.OuterMacs.Embedding + network.OuterMacs.Head));

    /// <summary>All that is executed: <see cref="Total"/> and <see cref="Selection"/>.</summary>
    public long Executed => Total + Selection;

    /// <summary>Counts a plan without running it: every picture keeps the same number of tokens, and every head is computed.</summary>
    /// <param name="network">The network.</param>
    /// <param name="plan">A plan whose counts do not depend on the picture.</param>
    /// <returns>Multiply-adds for one picture.</returns>
    public static MacCount Count(VisionTransformer network, TokenPlan plan)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(plan);
        var counter = new MacCounter(network, plan) { Images = 1 };
        int block = 0;
        foreach ((int attention, int mlp) in plan.PatchesByBlock(network.Depth, network.PatchTokens))
        {
            counter.AddAttention(block, network.PrefixTokens + attention, counter.blocks[block].Heads);
            counter.AddMlp(block++, network.PrefixTokens + mlp);
        }

        foreach ((TokenStage stage, int patches) in plan.PatchesByStage(network.Depth, network.PatchTokens))
            counter.AddSelection(stage, network.PrefixTokens + patches);
        return new(counter.Blocks, counter.Total, counter.Selection);
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

    /// <inheritdoc/>
    public override void OnSelection(int stage, TokenRows tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        for (int s = 0; s < tokens.Sequences; s++)
            AddSelection(plan.Stages[stage], tokens.Offsets[s + 1] - tokens.Offsets[s]);
    }

    void AddSelection(TokenStage stage, int tokens) =>
        Selection += stage.SelectionMacs(new(tokens, network.PrefixTokens, network.Width, blocks[stage.Block]));

    void AddAttention(int block, long tokens, int active) => Blocks += blocks[block].AttentionMacs(tokens, network.Width, active);

    void AddMlp(int block, long tokens) => Blocks += blocks[block].MlpMacs(tokens, network.Width);
}
