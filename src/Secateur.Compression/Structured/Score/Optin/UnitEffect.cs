using System.Collections.Immutable;

namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>What removing one unit does, before anything is weighted.</summary>
/// <param name="Manifold">L_MD of every block's output, [blocks]; 0 before the unit's own block.</param>
/// <param name="Answer">L_KD.</param>
public sealed record UnitEffect(ImmutableArray<double> Manifold, double Answer)
{
    /// <summary>The sum over later blocks of L_MD.</summary>
    /// <param name="block">The unit's own block.</param>
    /// <returns>0 for the last block.</returns>
    public double Later(int block) => Manifold.Skip(block + 1).Sum();
}
