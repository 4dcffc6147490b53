using System.Collections.Immutable;
using Secateur.Compression.Structured;
using Secateur.Compression.Structured.Correct;
using Secateur.Compression.Structured.Score;

namespace Secateur.Tests.Structured;

public sealed class RearrangeTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 3)]
    [InlineData(12, 1)]
    [InlineData(12, 4)]
    [InlineData(12, 33)]
    [InlineData(40, 7)]
    public void Units_are_exchanged_as_a_walk_that_sums_everything_anew_exchanges_them(int units, int samples)
    {
        double[][] gradients = Draw(units, samples);
        for (int count = 0; count <= units; count++)
            Assert.Equal(Plain(gradients, count), Rearrange.Pruned(gradients, count));
    }

    [Theory]
    [InlineData(12, 4)]
    [InlineData(12, 33)]
    [InlineData(40, 7)]
    public void What_goes_matters_no_more_together_than_the_units_of_least_fisher_information(int units, int samples)
    {
        double[][] gradients = Draw(units, samples);
        for (int count = 0; count <= units; count++)
            Assert.InRange(Energy(gradients, Rearrange.Pruned(gradients, count)), 0, Energy(gradients, ByFisher(gradients)[..count]) * (1 + 1e-12)); // each step may take back what it added
    }

    [Fact]
    public void A_unit_that_cancels_another_goes_in_place_of_one_that_matters_less()
    {
        double[][] gradients = [[1, 0], [1, 0.5], [-1.2, 0], [9, 1]];
        Assert.Equal([0, 1], ByFisher(gradients)[..2]);
        Assert.Equal([0, 2], Rearrange.Pruned(gradients, 2).AsEnumerable());
    }

    [Theory]
    [InlineData("timm/augreg-vit", false)]
    [InlineData("timm/dinov2-giant-swiglu", true)]
    public void Every_layer_keeps_its_count_and_drops_the_scales_of_units_that_it_exchanged(string name, bool batches)
    {
        StructuredCase on = StructuredCase.Load(name);
        StructurePlan whole = StructurePlan.Whole(on.Network);
        UnitScores scores = new Fisher(batches).Score(on.Calibration);
        StructurePlan worst = new([.. whole.Layers.Select((layer, i) => new LayerPlan(Least(scores.Heads[i], 1), Least(scores.Neurons[i], scores.Neurons[i].Length / 2))
        {
            HeadScales = [2],
            NeuronScales = [.. Enumerable.Repeat(3f, scores.Neurons[i].Length / 2)],
        })]);
        StructurePlan found = new Rearrange(batches).Correct(worst, on.Calibration);
        Assert.Equal(worst.Layers.Select(layer => (layer.Heads.Length, layer.Neurons.Length)), found.Layers.Select(layer => (layer.Heads.Length, layer.Neurons.Length)));
        Assert.All(found.Layers.Zip(worst.Layers), pair => Assert.Equal(pair.First.Neurons.SequenceEqual(pair.Second.Neurons), !pair.First.NeuronScales.IsEmpty));
        Assert.Contains(found.Layers, layer => layer.NeuronScales.IsEmpty);
        Assert.Equal(StructurePlanFile.Print(found), StructurePlanFile.Print(new Rearrange(batches).Correct(found, on.Calibration)));

        static ImmutableArray<int> Least(float[] scores, int count) => [.. Enumerable.Range(0, scores.Length).OrderBy(i => scores[i]).Take(count).Order()];
    }

    static double[][] Draw(int units, int samples)
    {
        var random = new Random(units + samples);
        return [.. Enumerable.Range(0, units).Select(_ => Enumerable.Range(0, samples).Select(_ => (random.NextDouble() * 2) - 1).ToArray())];
    }

    static int[] ByFisher(double[][] gradients) => [.. Enumerable.Range(0, gradients.Length).OrderBy(i => gradients[i].Sum(g => g * g))];

    static double Energy(double[][] gradients, IEnumerable<int> units) =>
        Enumerable.Range(0, gradients[0].Length).Sum(s => units.Sum(i => gradients[i][s]) is var sum ? sum * sum : 0);

    static IEnumerable<int> Plain(double[][] gradients, int count)
    {
        int[] order = ByFisher(gradients);
        ImmutableArray<int> pruned = [.. order[..count]];
        foreach (int unit in order[count..])
        {
            pruned = pruned.Add(unit);
            pruned = pruned.Remove(pruned.MinBy(without => Energy(gradients, pruned.Remove(without))));
        }

        return pruned.Order();
    }
}
