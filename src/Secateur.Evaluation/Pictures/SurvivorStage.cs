using System.Collections.Immutable;
using Secateur.Models.Tokens;

namespace Secateur.Evaluation.Pictures;

/// <summary>What one stage of a plan left of one picture.</summary>
/// <param name="Stage">Where it is in the network, and who decided.</param>
/// <param name="Decision">Its map, of the tokens that the stage before left.</param>
/// <param name="Since">Where each token that entered the network is now: all maps so far, one after another.</param>
/// <param name="Prefix">Tokens before the patches (class, distillation, registers).</param>
public sealed record SurvivorStage(TokenStage Stage, TokenMap Decision, TokenMap Since, int Prefix)
{
    /// <summary>Tokens that the next block computes, those before the patches included.</summary>
    public int Tokens => Since.Count;

    /// <summary>The patches that are a token of their own, rising; patches are counted row by row from 0.</summary>
    public ImmutableArray<int> Kept => [.. Groups(joined: false).Select(group => group[0])];

    /// <summary>The patches that share a token with others, a list a token, each rising, in the order of their first patch.</summary>
    public ImmutableArray<ImmutableArray<int>> Joined => [.. Groups(joined: true)];

    IEnumerable<ImmutableArray<int>> Groups(bool joined)
    {
        int[] group = Since.Group[Prefix..].ToArray();
        return Enumerable.Range(0, group.Length)
            .Where(patch => group[patch] != TokenMap.Dropped)
            .GroupBy(patch => group[patch])
            .Where(patches => patches.Skip(1).Any() == joined)
            .Select(patches => patches.ToImmutableArray());
    }
}
