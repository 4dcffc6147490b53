using System.Collections.Immutable;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>Plans by absolute counts: how many patches are left after each place, whatever came before.</summary>
internal static class TokenBudgets
{
    /// <summary>The placement of DynamicViT, and of those compared with it: at blocks 3, 6 and 9 of 12 (from 0) int(patches * rate^k) patches are left, k = 1, 2, 3.</summary>
    /// <param name="name">Of the plan.</param>
    /// <param name="depth">Blocks of the network.</param>
    /// <param name="patches">Of its images.</param>
    /// <param name="rate">In (0, 1]; at least one patch is left.</param>
    /// <param name="reducer">Who decides at each place, by its index.</param>
    /// <param name="position">In front of the block, inside it, or after the one before it.</param>
    internal static TokenPlan Geometric(
        string name, int depth, int patches, double rate, Func<int, ITokenReducer> reducer, TokenPosition position = TokenPosition.BeforeBlock)
    {
        var stages = ImmutableArray.CreateBuilder<TokenStage>();
        int left = patches;
        foreach (int block in TokenPlaces.Of12([3, 6, 9], depth))
        {
            int budget = Math.Clamp((int)(patches * Math.Pow(rate, stages.Count + 1)), Math.Min(1, left), left);
            stages.Add(new(position == TokenPosition.AfterBlock ? block - 1 : block, position, reducer(stages.Count)) { Remove = left - budget });
            left = budget;
        }

        return new(name, stages.ToImmutable());
    }
}
