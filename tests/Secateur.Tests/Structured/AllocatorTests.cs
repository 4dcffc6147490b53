using Secateur.Compression.Structured;
using Secateur.Compression.Structured.Allocate;

namespace Secateur.Tests.Structured;

/// <summary>How good allocators are, held against trying everything.</summary>
public sealed class AllocatorTests
{
    static readonly double[] Ratios = [0.05, 0.2, 0.4, 0.6, 0.8, 0.95];

    /// <summary>Totals are sums of doubles in two orders.</summary>
    const double Rounding = 1e-9;

    [Fact]
    public void Mask_search_is_exact_where_all_heads_cost_the_same_and_all_neurons_do()
    {
        foreach (RandomUnits units in RandomUnits.Some("equal"))
            foreach (double ratio in Ratios)
                Assert.Equal(units.BruteForce(units.Budget(ratio)), units.Total(new MaskSearch().Allocate(units.Scores, units.Costs, units.Budget(ratio))), Rounding);
    }

    [Fact]
    public void Mask_search_loses_less_than_one_unit_where_blocks_differ()
    {
        foreach (RandomUnits units in RandomUnits.Some("by block"))
            foreach (double ratio in Ratios)
            {
                double best = units.BruteForce(units.Budget(ratio));
                Assert.InRange(units.Total(new MaskSearch().Allocate(units.Scores, units.Costs, units.Budget(ratio))), best - units.Largest, best + Rounding);
            }
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.61)]
    [InlineData(0.5)]
    [InlineData(0.33)]
    public void Mask_search_pays_for_as_many_neurons_as_the_formula_of_its_paper(double ratio)
    {
        // BERT-base on sentences of 25 tokens.
        const double Head = (4 * 25 * 768 * 64) + (2 * 25 * 25 * 64), Neuron = 2 * 25 * 768;
        var random = new Random(3);
        var scores = new UnitScores(Drawn(12, 3), Drawn(3072, 0.01f));
        var costs = StructureCosts.Linear([.. Enumerable.Repeat((12, Head), 12)], [.. Enumerable.Repeat((3072, Neuron), 12)], 0);
        StructurePlan plan = new MaskSearch().Allocate(scores, costs, ratio * costs.Whole);
        int heads = plan.Layers.Sum(layer => layer.Heads.Length);
        Assert.Equal((int)(((ratio * costs.Whole) - (heads * Head)) / Neuron), plan.Layers.Sum(layer => layer.Neurons.Length));

        // Every other number of heads, by the formula.
        double[] bestHeads = Sums(scores.Heads), bestNeurons = Sums(scores.Neurons);
        double best = Enumerable.Range(0, 145).Where(h => h * Head <= ratio * costs.Whole).Max(h => bestHeads[h] + bestNeurons[Math.Min(12 * 3072, (int)(((ratio * costs.Whole) - (h * Head)) / Neuron))]);
        Assert.Equal(best, bestHeads[heads] + bestNeurons[plan.Layers.Sum(layer => layer.Neurons.Length)], Rounding);

        float[][] Drawn(int count, float scale) => [.. Enumerable.Range(0, 12).Select(_ => Enumerable.Range(0, count).Select(_ => scale * random.NextSingle()).ToArray())];

        static double[] Sums(float[][] units)
        {
            double sum = 0;
            return [0, .. units.SelectMany(row => row).OrderDescending().Select(score => sum += score)];
        }
    }

    [Theory]
    [InlineData("equal")]
    [InlineData("by block")]
    [InlineData("stairs")]
    [InlineData("noise")]
    public void Latency_aware_is_as_good_as_trying_everything_but_for_the_parts_that_time_is_counted_in(string kind)
    {
        foreach (RandomUnits units in RandomUnits.Some(kind))
            foreach (double ratio in Ratios)
            {
                double budget = units.Budget(ratio), parts = 6 * units.Costs.Whole / 32768;
                Assert.InRange(units.Total(new LatencyAware().Allocate(units.Scores, units.Costs, budget)), units.BruteForce(budget - parts) - Rounding, units.BruteForce(budget) + Rounding);
            }
    }

    [Theory]
    [InlineData("mask-search", "equal")]
    [InlineData("mask-search", "by block")]
    [InlineData("latency-aware", "equal")]
    [InlineData("latency-aware", "by block")]
    [InlineData("latency-aware", "stairs")]
    [InlineData("latency-aware", "noise")]
    public void A_larger_budget_never_keeps_a_smaller_score(string allocator, string kind)
    {
        IAllocator one = StructuredMethods.Allocators.Single(method => method.Name == allocator).Create();
        foreach (RandomUnits units in RandomUnits.Some(kind))
        {
            double before = 0;
            for (double ratio = 0; ratio <= 1; ratio += 0.05)
            {
                double total = units.Total(one.Allocate(units.Scores, units.Costs, units.Budget(ratio)));
                Assert.InRange(total, before - Rounding, double.PositiveInfinity);
                before = total;
            }
        }
    }

    [Fact]
    public void Latency_aware_stops_at_the_edges_of_a_staircase()
    {
        // Neurons in panels of 16: the first of a panel costs as much as all of it.
        var random = new Random(5);
        float[][] neurons = [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, 200).Select(_ => random.NextSingle()).ToArray())];
        var costs = new StructureCosts([.. Enumerable.Repeat<System.Collections.Immutable.ImmutableArray<double>>([0, 1], 4)],
            [.. Enumerable.Repeat<System.Collections.Immutable.ImmutableArray<double>>([.. Enumerable.Range(0, 201).Select(n => (n + 15) / 16 * 0.25)], 4)], 0);
        StructurePlan plan = new LatencyAware().Allocate(new([[1], [1], [1], [1]], neurons), costs, 0.6 * costs.Whole);
        Assert.All(plan.Layers, layer => Assert.True(layer.Neurons.Length % 16 == 0 || layer.Neurons.Length == 200, $"{layer.Neurons.Length}"));
    }

    [Fact]
    public void Uniform_keeps_the_same_share_of_every_block()
    {
        var costs = StructureCosts.Linear([(4, 100), (8, 100)], [(100, 1), (300, 1)], 0);
        StructurePlan plan = new Uniform().Allocate(new([new float[4], new float[8]], [new float[100], new float[300]]), costs, 0.5 * costs.Whole);
        Assert.Equal((2, 4, 50, 150), (plan.Layers[0].Heads.Length, plan.Layers[1].Heads.Length, plan.Layers[0].Neurons.Length, plan.Layers[1].Neurons.Length));
    }

    [Fact]
    public void What_rounding_heads_leaves_goes_into_neurons()
    {
        // A share of 0.6 would be 1.8 of 3 heads: two do not fit, and with one there is room for all neurons.
        var costs = StructureCosts.Linear([(3, 100)], [(50, 1)], 0);
        StructurePlan plan = new Uniform().Allocate(new([new float[3]], [new float[50]]), costs, 190);
        Assert.Equal((1, 50), (plan.Layers[0].Heads.Length, plan.Layers[0].Neurons.Length));
    }

    [Fact]
    public void Heads_are_not_rounded_so_that_budget_is_left()
    {
        // A share of 0.9 would be 5.4 of 6 heads. With 5 all neurons fit and 90 are left; with 6 a few neurons less spend it all.
        var costs = StructureCosts.Linear([(6, 100)], [(400, 1)], 0);
        StructurePlan plan = new Uniform().Allocate(new([new float[6]], [new float[400]]), costs, 990);
        Assert.Equal((6, 390), (plan.Layers[0].Heads.Length, plan.Layers[0].Neurons.Length));
    }
}
