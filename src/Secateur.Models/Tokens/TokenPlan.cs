using System.Collections.Immutable;
using Secateur.Models.Layers;

namespace Secateur.Models.Tokens;

/// <summary>Where in a block a reduction acts.</summary>
public enum TokenPosition
{
    /// <summary>Before the block: nothing of the block's attention is there to look at.</summary>
    BeforeBlock,

    /// <summary>After the attention's residual, before the MLP.</summary>
    AfterAttention,

    /// <summary>After the MLP's residual; sees the attention of the block that ends here.</summary>
    AfterBlock,
}

/// <summary>One reduction: who decides, where, and how many go.</summary>
/// <param name="Block">Index of the block, from 0.</param>
/// <param name="Position">Where in the block.</param>
/// <param name="Reducer">Who decides.</param>
public sealed record TokenStage(int Block, TokenPosition Position, ITokenReducer Reducer)
{
    /// <summary>How many tokens go; null when <see cref="Keep"/> says it.</summary>
    public int? Remove { get; init; }

    /// <summary>Keep rate in (0, 1]; used when <see cref="Remove"/> is null.</summary>
    public double? Keep { get; init; }

    /// <summary>Whether it looks at what heads of its block compute, so that the block must have some.</summary>
    public bool LooksAtHeads => (Reducer.Needs & ~(TokenSignals.Tokens | TokenSignals.Input)) != 0;

    /// <summary>How many of these patch tokens go here.</summary>
    /// <param name="patches">Tokens that may go.</param>
    /// <returns>In [0, patches].</returns>
    public int CountToRemove(int patches) =>
        Math.Clamp(Remove ?? (Keep is { } keep ? Reducer.CountToRemove(patches, keep) : 0), 0, Reducer.MostToRemove(patches));

    /// <summary>Multiply-adds of what is decided here about one sequence (<see cref="ITokenReducer.SelectionMacs"/>).</summary>
    /// <param name="shape">Of the sequence.</param>
    /// <returns>The count; 0 where nobody is asked, since nothing is to go.</returns>
    public long SelectionMacs(SelectionShape shape) =>
        CountToRemove(shape.Patches) is var remove && remove == 0 && !Reducer.Remembers ? 0 : Reducer.SelectionMacs(shape, remove);
}

/// <summary>Which tokens are worth computing: a value given to a run, never stored in a network. Switching plans costs nothing.</summary>
/// <param name="Name">For people: in tables and pictures.</param>
/// <param name="Stages">The reductions in the order in which they act.</param>
public sealed partial record TokenPlan(string Name, ImmutableArray<TokenStage> Stages)
{
    /// <summary>Every token everywhere.</summary>
    public static TokenPlan Dense { get; } = new("dense", []);

    /// <summary>Where it comes from; null for plans written by hand or by name. A run does not look at it.</summary>
    public TokenPlanOrigin? Origin { get; init; }

    /// <summary>Whether attention weighs merged tokens by their size.</summary>
    public bool ProportionalAttention => Stages.Any(stage => stage.Reducer.ProportionalAttention);

    /// <summary>Whether how many tokens go depends on the picture, so that counts and costs are known only from runs.</summary>
    public bool Adaptive => Stages.Any(stage => stage.Reducer.Adaptive);

    /// <summary>How many patches each block sees: in its attention and in its MLP.</summary>
    /// <param name="depth">Number of blocks.</param>
    /// <param name="patches">Patches that enter the first.</param>
    /// <returns>[depth]; of an adaptive plan, the fewest there can be.</returns>
    public ImmutableArray<(int Attention, int Mlp)> PatchesByBlock(int depth, int patches)
    {
        var counts = ImmutableArray.CreateBuilder<(int, int)>(depth);
        ImmutableArray<(TokenStage Stage, int Patches)> stages = PatchesByStage(depth, patches);
        int next = 0, left = patches;
        for (int block = 0; block < depth; block++)
        {
            counts.Add((After(block, TokenPosition.BeforeBlock), After(block, TokenPosition.AfterAttention)));
            After(block, TokenPosition.AfterBlock);
        }

        return counts.MoveToImmutable();

        int After(int block, TokenPosition position)
        {
            for (; next < stages.Length && stages[next].Stage.Block == block && stages[next].Stage.Position == position; next++)
                left = stages[next].Patches - stages[next].Stage.CountToRemove(stages[next].Patches);
            return left;
        }
    }

    /// <summary>How many patches each stage sees.</summary>
    /// <param name="depth">Number of blocks.</param>
    /// <param name="patches">Patches that enter the first.</param>
    /// <returns>The stages in the order in which they act; of an adaptive plan, with the fewest patches there can be.</returns>
    public ImmutableArray<(TokenStage Stage, int Patches)> PatchesByStage(int depth, int patches)
    {
        var seen = ImmutableArray.CreateBuilder<(TokenStage, int)>(Stages.Length);
        foreach (TokenStage stage in Stages.Where(stage => (uint)stage.Block < (uint)depth).OrderBy(stage => stage.Block).ThenBy(stage => stage.Position))
        {
            seen.Add((stage, patches));
            patches -= stage.CountToRemove(patches);
        }

        return seen.ToImmutable();
    }

    /// <summary>Checks the plan against a network.</summary>
    /// <param name="blocks">What the blocks consist of.</param>
    /// <exception cref="ArgumentException">A stage lies outside the network, looks at attention that has not happened or at heads that are not there,
    /// or comes after another reduction of the same block, so that the attention it asks for is of other tokens.</exception>
    internal void RequireFits(IReadOnlyList<Block> blocks)
    {
        for (int i = 0; i < Stages.Length; i++)
        {
            TokenStage stage = Stages[i];
            if ((uint)stage.Block >= (uint)blocks.Count)
                throw new ArgumentException($"Stage {i} of the plan '{Name}' is at block {stage.Block}; the network has blocks 0 to {blocks.Count - 1}.");
            if ((stage.Reducer.Needs & ~TokenSignals.Tokens) == 0)
                continue;
            if (stage.Position == TokenPosition.BeforeBlock)
                throw new ArgumentException($"Stage {i} of the plan '{Name}' looks at the attention of block {stage.Block} before it happens.");
            if (stage.LooksAtHeads && blocks[stage.Block].Heads == 0)
                throw new ArgumentException($"Stage {i} of the plan '{Name}' looks at the heads of block {stage.Block}, which has none left; move it to a block that has some (TokenPlan.Fitting does).");
            for (int j = 0; j < Stages.Length; j++)
                if (j != i && Stages[j].Block == stage.Block && Stages[j].Position != TokenPosition.BeforeBlock
                    && (Stages[j].Position < stage.Position || (Stages[j].Position == stage.Position && j < i)))
                    throw new ArgumentException($"Stage {i} of the plan '{Name}' looks at the attention of block {stage.Block}, whose tokens stage {j} has changed since.");
        }
    }
}
