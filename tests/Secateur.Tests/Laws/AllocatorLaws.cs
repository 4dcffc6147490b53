using System.Collections.Immutable;
using Secateur.Compression.Structured;
using Secateur.Tests.Structured;

namespace Secateur.Tests.Laws;

/// <summary>What every allocator of the catalogue owes, whatever units cost.</summary>
public sealed class AllocatorLaws
{
    static readonly double[] Ratios = [0, 0.1, 0.35, 0.5, 0.72, 0.9, 0.999, 1, 2];

    public static TheoryData<string, string> AllocatorsAndCosts
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (StructuredMethod<IAllocator> allocator in StructuredMethods.Allocators)
                foreach (string costs in RandomUnits.Kinds)
                    data.Add(allocator.Name, costs);
            return data;
        }
    }

    static IAllocator Create(string name) => StructuredMethods.Allocators.Single(allocator => allocator.Name == name).Create();

    [Fact]
    public void Every_allocator_has_a_citation_and_a_page() => Assert.All(StructuredMethods.Allocators, allocator =>
    {
        Assert.NotEmpty(allocator.Citation);
        Assert.True(File.Exists(Path.Combine(Architecture.Repository.Root, "docs", "methods", allocator.Name + ".md")), $"{allocator.Name} has no page");
    });

    [Theory]
    [MemberData(nameof(AllocatorsAndCosts))]
    public void A_plan_costs_no_more_than_the_budget(string allocator, string kind)
    {
        foreach (RandomUnits units in RandomUnits.Some(kind))
            foreach (double ratio in Ratios)
                Assert.InRange(units.Costs.Of(Create(allocator).Allocate(units.Scores, units.Costs, units.Budget(ratio))), 0, units.Budget(ratio));
    }

    [Theory]
    [MemberData(nameof(AllocatorsAndCosts))]
    public void A_budget_that_everything_fits_into_keeps_everything(string allocator, string kind)
    {
        foreach (RandomUnits units in RandomUnits.Some(kind))
            foreach (double budget in new[] { units.Costs.Whole, double.PositiveInfinity })
                Assert.All(Create(allocator).Allocate(units.Scores, units.Costs, budget).Layers, (layer, block) =>
                {
                    Assert.Equal(Enumerable.Range(0, units.Scores.Heads[block].Length), layer.Heads);
                    Assert.Equal(Enumerable.Range(0, units.Scores.Neurons[block].Length), layer.Neurons);
                });
    }

    [Theory]
    [MemberData(nameof(AllocatorsAndCosts))]
    public void Plans_are_the_same_every_time_and_name_units_of_the_block_once_in_ascending_order(string allocator, string kind)
    {
        foreach (RandomUnits units in RandomUnits.Some(kind))
        {
            StructurePlan plan = Create(allocator).Allocate(units.Scores, units.Costs, units.Budget(0.6)), again = Create(allocator).Allocate(units.Scores, units.Costs, units.Budget(0.6));
            for (int block = 0; block < plan.Layers.Length; block++)
            {
                Assert.Equal(plan.Layers[block].Heads.ToArray(), again.Layers[block].Heads.ToArray());
                Assert.Equal(plan.Layers[block].Neurons.ToArray(), again.Layers[block].Neurons.ToArray());
                Assert.Equal([.. Enumerable.Range(0, units.Scores.Heads[block].Length).Intersect(plan.Layers[block].Heads)], plan.Layers[block].Heads.ToArray());
                Assert.Equal([.. Enumerable.Range(0, units.Scores.Neurons[block].Length).Intersect(plan.Layers[block].Neurons)], plan.Layers[block].Neurons.ToArray());
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllocatorsAndCosts))]
    public void Of_a_block_the_best_stay_and_among_equals_the_first(string allocator, string kind)
    {
        foreach (RandomUnits drawn in RandomUnits.Some(kind))
            foreach (RandomUnits units in new[] { drawn, drawn.WithScores(_ => 0), drawn.WithScores(score => MathF.Round(score)) })
            {
                StructurePlan plan = Create(allocator).Allocate(units.Scores, units.Costs, units.Budget(0.5));
                Assert.All(plan.Layers, (layer, block) =>
                {
                    RequireBest(units.Scores.Heads[block], layer.Heads);
                    RequireBest(units.Scores.Neurons[block], layer.Neurons);
                });
            }

        static void RequireBest(float[] scores, ImmutableArray<int> kept) =>
            Assert.Equal(Enumerable.Range(0, scores.Length).OrderByDescending(unit => scores[unit]).Take(kept.Length).Order(), kept);
    }

    [Theory]
    [MemberData(nameof(AllocatorsAndCosts))]
    public void What_cannot_be_is_refused(string allocator, string kind)
    {
        RandomUnits units = RandomUnits.Some(kind).First();
        Assert.Contains("is less than what is paid", Refused(units.Scores, units.Costs.Least * 0.99).Message, StringComparison.Ordinal);
        Assert.Contains("is less than what is paid", Refused(units.Scores, double.NaN).Message, StringComparison.Ordinal);
        Assert.Contains("no number", Refused(units.WithScores(_ => float.NaN).Scores, units.Costs.Whole).Message, StringComparison.Ordinal);
        Assert.Contains("blocks", Refused(new(units.Scores.Heads[1..], units.Scores.Neurons), units.Costs.Whole).Message, StringComparison.Ordinal);
        Assert.Contains("units in block 0", Refused(new([[], .. units.Scores.Heads[1..]], units.Scores.Neurons), units.Costs.Whole).Message, StringComparison.Ordinal);

        ArgumentException Refused(UnitScores scores, double budget) => Assert.Throws<ArgumentException>(() => Create(allocator).Allocate(scores, units.Costs, budget));
    }
}
