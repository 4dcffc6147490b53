using System.Collections.Immutable;
using Secateur.Compression.Tokens;

namespace Secateur.Evaluation.Planning;

/// <summary>How wide a search is.</summary>
public sealed record PlanSearchOptions
{
    /// <summary>The methods to choose from.</summary>
    public ImmutableArray<TokenMethod> Methods { get; init; } = TokenMethods.All;

    /// <summary>Plans to look at, at least one a method.</summary>
    public int Candidates { get; init; } = 64;

    /// <summary>Plans that see all pictures, and are timed.</summary>
    public int Finalists { get; init; } = 6;

    /// <summary>Draws candidates, and orders the pictures.</summary>
    public int Seed { get; init; }

    /// <summary>Timed rounds of a finalist in turn with the dense network.</summary>
    public int Rounds { get; init; } = 50;
}
