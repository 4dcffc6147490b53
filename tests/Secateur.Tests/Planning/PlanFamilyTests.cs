using Secateur.Compression.Tokens;
using Secateur.Evaluation.Planning;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Tests.Planning;

public sealed class PlanFamilyTests
{
    static readonly VisionTransformer Network = Secateur.Cli.Network.Load("scenes-vit", 1);

    static PlanCost Cost(TokenPlan plan) => new(MacCounter.Count(Network, plan).Total, null);

    static double Dense => Cost(TokenPlan.Dense).Macs;

    static IEnumerable<PlanFamily> Families()
    {
        foreach (TokenMethod method in TokenMethods.All)
            yield return new(method.Name, 1, strength => method.Family(Network.Depth, Network.PatchTokens, strength));
        var random = new Random(5);
        for (int i = 0; i < 10; i++)
            yield return MonteCarlo.Draw(Network.Depth, Network.PatchTokens, random);
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.65)]
    public void Bisection_finds_the_mildest_member_within_the_budget(double part)
    {
        var budget = new PlanBudget(PlanMeasure.Macs, part * Dense);
        foreach (PlanFamily family in Families())
        {
            // A drawing whose places are all late cannot save much, and says so.
            if (family.Meet(budget, Cost) is not var (plan, cost))
            {
                Assert.True(Cost(family.At(family.Most)).Macs > budget.Limit);
                Assert.DoesNotContain(TokenMethods.All, method => method.Name == family.Made);
                continue;
            }

            Assert.InRange(cost.Macs, 0, budget.Limit);
            Assert.Equal(Cost(plan), cost);

            // Within a grid of 400 nothing milder is within it too, but for the last interval of the bisection.
            double mildest = Enumerable.Range(0, 401).Select(i => Cost(family.At(family.Most * i / 400.0)).Macs).Where(macs => macs <= budget.Limit).Max();
            Assert.InRange(cost.Macs, mildest - (0.004 * Dense), budget.Limit);
        }
    }

    [Fact]
    public void A_budget_beyond_a_family_is_not_met_and_one_above_dense_is_met_by_every_token()
    {
        foreach (PlanFamily family in Families())
        {
            Assert.Null(family.Meet(new(PlanMeasure.Macs, 0.01 * Dense), Cost));
            Assert.Equal(Dense, Assert.NotNull(family.Meet(new(PlanMeasure.Macs, Dense), Cost)).Cost.Macs);
        }
    }

    [Fact]
    public void Neighbours_stay_in_order_inside_the_network_and_can_be_brought_to_the_same_budget()
    {
        var budget = new PlanBudget(PlanMeasure.Macs, 0.7 * Dense);
        var random = new Random(11);
        foreach (PlanFamily family in Families())
        {
            if (family.Meet(budget, Cost)?.Plan is not { } plan)
                continue;
            for (int i = 0; i < 20 && PlanMutation.Draw(plan, Network.Depth, Network.PatchTokens, random) is { } neighbour; i++)
            {
                if (neighbour.Meet(budget, Cost) is not { } member)
                    continue;
                plan = member.Plan;
                Assert.InRange(member.Cost.Macs, 0.5 * Dense, budget.Limit);
                Assert.All(plan.Stages, stage => Assert.InRange(stage.Block, 0, Network.Depth - 1));
                Assert.Equal(plan.Stages.OrderBy(stage => (stage.Block, stage.Position)), plan.Stages);
                Assert.Equal(TokenPlanFile.Print(plan), TokenPlanFile.Print(TokenPlanFile.Parse(TokenPlanFile.Print(plan))));
            }
        }
    }

    [Fact]
    public void A_plan_written_as_counts_removes_as_many_everywhere()
    {
        foreach (TokenMethod method in TokenMethods.All)
        {
            TokenPlan plan = method.Family(12, 196, 0.4), counts = StageCounts.With(plan, StageCounts.Of(plan, 196));
            Assert.Equal(plan.PatchesByBlock(12, 196).ToArray(), counts.PatchesByBlock(12, 196).ToArray());
        }
    }
}
