using System.Collections.Immutable;
using Secateur.Compression.Tokens;
using Secateur.Models;
using Secateur.Models.Tokens;

namespace Secateur.Evaluation.Planning;

/// <summary>Plans by one number: the larger it is, the less is computed. Every candidate is a member of such a family, so that it can be
/// brought to a budget, and to another one later.</summary>
/// <param name="Made">For people: how it came about.</param>
/// <param name="Most">The largest number.</param>
/// <param name="At">The plan at a number in [0, <paramref name="Most"/>]; at 0 every token is computed.</param>
public sealed record PlanFamily(string Made, double Most, Func<double, TokenPlan> At)
{
    /// <summary>Halvings of the interval: counts of tokens are whole, finer steps change nothing.</summary>
    const int Steps = 12;

    /// <summary>The same plans for a network some of whose blocks have no heads (<see cref="TokenPlan.Fitting"/>).</summary>
    /// <param name="blocks">What its blocks consist of.</param>
    /// <returns>The family.</returns>
    public PlanFamily Fitting(ImmutableArray<BlockShape> blocks) => this with { At = number => At(number).Fitting(blocks) };

    /// <summary>The mildest member that a budget holds, by bisection.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="cost">What a plan costs; does not rise with the number.</param>
    /// <returns>The plan and its cost; null where even the strongest costs too much.</returns>
    public (TokenPlan Plan, PlanCost Cost)? Meet(PlanBudget budget, Func<TokenPlan, PlanCost> cost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        (TokenPlan Plan, PlanCost Cost) best = Member(Most);
        if (!budget.Holds(best.Cost))
            return null;
        double low = 0, high = Most;
        if (Member(0) is var dense && budget.Holds(dense.Cost))
            return dense;
        for (int step = 0; step < Steps; step++)
        {
            double middle = (low + high) / 2;
            (TokenPlan Plan, PlanCost Cost) member = Member(middle);
            if (budget.Holds(member.Cost))
                (best, high) = (member, middle);
            else
                low = middle;
        }

        return best;

        (TokenPlan Plan, PlanCost Cost) Member(double number)
        {
            TokenPlan plan = At(number);
            return (plan, cost(plan));
        }
    }

    /// <summary>The methods of a plan, as the catalogue names them: "tome", or "tome + evit".</summary>
    /// <param name="plan">Of methods of the catalogue.</param>
    /// <returns>"dense" for a plan without stages.</returns>
    public static string Methods(TokenPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Stages.IsEmpty ? TokenPlan.Dense.Name : string.Join(" + ", plan.Stages.Select(stage => TokenMethods.Of(stage.Reducer).Name).Distinct());
    }
}
