using System.Collections.Immutable;
using Secateur.Compression.Tokens;
using Secateur.Models;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Structured.Patches;

/// <summary>Plans by which a token method executes counts: which patches go is the method's to decide, picture by picture.</summary>
public static class PatchPlans
{
    /// <summary>A plan under which so many patches enter each block. A method that looks at attention acts in the block before, at the place of its
    /// own plans, so that the MLP there has fewer patches already.</summary>
    /// <param name="name">For people.</param>
    /// <param name="method">Who decides which; the middle of its family says how it is told.</param>
    /// <param name="counts">How many patches enter each block, [blocks], never rising; what a method cannot remove at one place (a matching takes half at
    /// most) it removes at the next.</param>
    /// <param name="blocks">What the blocks consist of; in one without heads there is no attention to look at. Default: all have some.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ArgumentException">How many tokens the method removes depends on the picture, or counts rise.</exception>
    public static TokenPlan Of(string name, TokenMethod method, ImmutableArray<int> counts, ImmutableArray<BlockShape> blocks = default)
    {
        ArgumentNullException.ThrowIfNull(method);
        ImmutableArray<TokenStage> usual = Usual(method, counts.Length, counts[0]);
        if (!Executes(method))
            throw new ArgumentException($"{method.Name} removes as many tokens as a picture wants, and so cannot execute counts; choose one of {string.Join(", ", TokenMethods.All.Where(Executes).Select(one => one.Name))}.", nameof(method));
        var stages = ImmutableArray.CreateBuilder<TokenStage>();
        for (int block = 1, left = counts[0]; block < counts.Length; block++)
        {
            if (counts[block] > counts[block - 1])
                throw new ArgumentException($"{counts[block]} patches cannot enter block {block} after {counts[block - 1]}.", nameof(counts));
            TokenStage like = usual.OrderBy(stage => Math.Abs(At(stage) - block)).First();
            if (like.Position != TokenPosition.BeforeBlock && !blocks.IsDefault && blocks[block - 1].Heads == 0)
                continue;
            int remove = Math.Min(left - counts[block], like.Reducer.MostToRemove(left));
            if (remove > 0 || like.Reducer.Remembers)
                stages.Add(new(like.Position == TokenPosition.BeforeBlock ? block : block - 1, like.Position, like.Reducer) { Remove = remove });
            left -= remove;
        }

        return new(name, stages.ToImmutable());
    }

    /// <summary>Whether a method removes as many tokens as it is told, whatever the picture.</summary>
    /// <param name="method">Of the catalogue.</param>
    /// <returns>False for a method that is adaptive.</returns>
    public static bool Executes(TokenMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return Usual(method, 12, 196) is { IsEmpty: false } usual && usual.All(stage => !stage.Reducer.Adaptive);
    }

    /// <summary>The middle of its family: all of its places, no heads left out.</summary>
    static ImmutableArray<TokenStage> Usual(TokenMethod method, int depth, int patches) => method.Family(depth, patches, .5).Stages;

    /// <summary>The block before which a stage's tokens are gone.</summary>
    static int At(TokenStage stage) => stage.Position == TokenPosition.BeforeBlock ? stage.Block : stage.Block + 1;
}
