using System.Collections.Immutable;
using System.Globalization;
using Secateur.Compression.Tokens;

namespace Secateur.Evaluation.Sweeps;

/// <summary>What a sweep measures besides the dense network: every method at every budget, and with every seed where it draws.</summary>
/// <param name="Methods">Of the catalogue, each once.</param>
/// <param name="Budgets">Parts of the dense multiply-adds, in (0, 1), each once.</param>
/// <param name="Seeds">For methods that draw; each once.</param>
public sealed record SweepSpec(ImmutableArray<TokenMethod> Methods, ImmutableArray<double> Budgets, ImmutableArray<int> Seeds)
{
    /// <summary>The cells, in order.</summary>
    public IEnumerable<SweepPoint> Points =>
        from method in Methods
        from budget in Budgets
        from seed in method.Draws ? Seeds.Select(seed => (int?)seed) : [null]
        select new SweepPoint(method, budget, seed);
}

/// <summary>A method at a budget.</summary>
/// <param name="Method">The method.</param>
/// <param name="Budget">The part of the dense multiply-adds that it may use.</param>
/// <param name="Seed">What it is told to draw with; null for one that does not draw.</param>
public sealed record SweepPoint(TokenMethod Method, double Budget, int? Seed)
{
    /// <summary>The name of its cell: "tome-0.8", "random-drop-0.8-seed1".</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Method.Name}-{Budget:0.######}{(Seed is { } seed ? $"-seed{seed}" : "")}");
}
