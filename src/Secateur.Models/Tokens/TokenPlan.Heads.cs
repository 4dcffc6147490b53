using System.Collections.Immutable;

namespace Secateur.Models.Tokens;

/// <content>Networks some of whose blocks have no heads left.</content>
public sealed partial record TokenPlan
{
    /// <summary>The plan for a network some of whose blocks have no heads: a stage that looks at attention acts in the next block that has some,
    /// at the same place; where that block has a stage of its own that looks, both make one, which removes what both would. After the last block
    /// with heads there is nothing to look at, and the stage goes.</summary>
    /// <param name="blocks">What the network's blocks consist of; stages outside them stay as they are.</param>
    /// <returns>This plan where no stage looks at a block without heads.</returns>
    public TokenPlan Fitting(ImmutableArray<BlockShape> blocks)
    {
        if (Stages.All(stage => stage.Block >= blocks.Length || !LacksHeads(stage, blocks)))
            return this;
        var stages = ImmutableArray.CreateBuilder<TokenStage>();
        foreach (TokenStage stage in Stages)
        {
            int block = stage.Block;
            while (block < blocks.Length && LacksHeads(stage with { Block = block }, blocks))
                block++;
            if (block == blocks.Length && stage.Block < block)
                continue;
            TokenStage moved = stage with { Block = block };
            if (stages.Count > 0 && stages[^1] is var last && last.Block == block && last.LooksAtHeads && moved.LooksAtHeads)
                stages[^1] = Both(last, moved);
            else
                stages.Add(moved);
        }

        return this with { Stages = stages.ToImmutable() };
    }

    static bool LacksHeads(TokenStage stage, ImmutableArray<BlockShape> blocks) => stage.LooksAtHeads && blocks[stage.Block].Heads == 0;

    static TokenStage Both(TokenStage first, TokenStage second) => second with
    {
        Remove = first.Remove is { } one && second.Remove is { } more ? one + more : second.Remove,
        Keep = first.Keep is { } part && second.Keep is { } rest ? part * rest : second.Keep,
    };
}
