using Secateur.Models.Tokens;

namespace Secateur.Evaluation.Sweeps;

/// <summary>One thing to measure: a plan on all pictures.</summary>
/// <param name="Name">Names its files: lower-case letters, digits, dots and dashes.</param>
/// <param name="Plan">Which tokens to compute.</param>
public sealed record SweepCell(string Name, TokenPlan Plan)
{
    /// <summary>Every token everywhere: what the others are compared with.</summary>
    public static SweepCell Dense { get; } = new(TokenPlan.Dense.Name, TokenPlan.Dense);

    /// <summary>The method, as the catalogue names it; null for dense and for a plan that was given.</summary>
    public string? Method { get; init; }

    /// <summary>The part of the dense multiply-adds that the plan was brought to; null where it was given.</summary>
    public double? Budget { get; init; }

    /// <summary>What a method that draws was told; null for one that does not.</summary>
    public int? Seed { get; init; }

    /// <summary>Whether this is the dense network.</summary>
    public bool IsDense => Name == Dense.Name;
}
