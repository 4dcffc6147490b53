using Secateur.Models.Tokens;

namespace Secateur.Evaluation.Planning;

/// <summary>A plan that the search looks at.</summary>
/// <param name="Number">In the order in which they were made, from 0.</param>
/// <param name="Family">What it is a member of.</param>
/// <param name="Plan">The plan, within the budget.</param>
/// <param name="Cost">What it costs, as counted and predicted.</param>
/// <param name="Quality">How well it answers on the pictures it has seen so far.</param>
public sealed record PlanCandidate(int Number, PlanFamily Family, TokenPlan Plan, PlanCost Cost, PlanQuality Quality)
{
    /// <summary>Its methods.</summary>
    public string Methods { get; } = PlanFamily.Methods(Plan);

    /// <summary>The best first: of each method its best, by divergence from the dense network; then the seconds, and so on. A cheap
    /// method that loses a little by count stays in the race until time is measured.</summary>
    /// <param name="candidates">In any order.</param>
    /// <returns>All of them.</returns>
    public static IEnumerable<PlanCandidate> Rank(IEnumerable<PlanCandidate> candidates) => candidates
        .GroupBy(candidate => candidate.Methods)
        .SelectMany(method => method.OrderBy(one => one.Quality.Divergence).ThenBy(one => one.Number).Select((one, place) => (one, place)))
        .OrderBy(ranked => ranked.place).ThenBy(ranked => ranked.one.Quality.Divergence).ThenBy(ranked => ranked.one.Number)
        .Select(ranked => ranked.one);
}
