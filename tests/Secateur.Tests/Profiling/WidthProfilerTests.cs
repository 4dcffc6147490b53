using System.Collections.Immutable;
using Secateur.Compression.Structured;
using Secateur.Compression.Structured.Allocate;
using Secateur.Evaluation.Profiling;
using Secateur.Models;
using Secateur.Models.Vit;

namespace Secateur.Tests.Profiling;

public sealed class WidthProfilerTests
{
    static readonly ImmutableArray<BlockShape> Blocks = [.. Enumerable.Repeat(new BlockShape(6, 64, 1536, false), 10), .. Enumerable.Repeat(new BlockShape(3, 64, 700, true), 6)];

    /// <summary>Milliseconds of neurons in panels of 32, as a kernel that works panel by panel takes.</summary>
    static double Panels(int neurons) => 0.2 + (0.04 * ((neurons + 31) / 32));

    static double Smooth(int neurons) => 0.2 + (0.00125 * neurons);

    [Theory]
    [InlineData(0, 0.002)] // within a round the machine becomes slower too, by chance more for some numbers
    [InlineData(0.02, 0.02)] // a median of 30 or more runs at each of some 50 numbers
    public void Times_of_all_widths_come_back_while_the_machine_becomes_slower(double noise, double tolerance)
    {
        WidthLatency widths = Profile(Panels, noise);
        StructureCosts costs = widths.Costs();

        // All times are those of one pace, which rounds share: against the dense network's.
        double pace = costs.Whole / (SyntheticWidths.Outside + Blocks.Sum(block => SyntheticWidths.Heads(block.Heads) + Panels(block.Neurons)));
        Assert.InRange(pace, 1, 2);
        for (int block = 0; block < Blocks.Length; block++)
        {
            Assert.Equal(Blocks[block].Heads + 1, costs.Attention[block].Length);
            Assert.Equal(Blocks[block].Neurons + 1, costs.Mlp[block].Length);
            for (int h = 0; h <= Blocks[block].Heads; h++)
                Near(SyntheticWidths.Heads(h), costs.Attention[block][h]);
            for (int n = 0; n <= Blocks[block].Neurons; n++)
                Near(Panels(n), costs.Mlp[block][n]);
        }

        void Near(double formula, double time) => Assert.InRange(time / pace, formula * (1 - (3 * tolerance)) - tolerance, formula * (1 + (3 * tolerance)) + tolerance);
    }

    [Fact]
    public void Steps_are_found_where_there_are_some_and_nowhere_else()
    {
        Assert.All(Profile(Panels, 0.005).Shapes, shape => Assert.Equal(32, shape.Step));
        Assert.All(Profile(Smooth, 0.005).Shapes, shape => Assert.Equal(1, shape.Step));
    }

    [Fact]
    public void Plans_stop_at_the_edges_of_steps()
    {
        var random = new Random(1);
        var scores = new UnitScores(Drawn(block => block.Heads), Drawn(block => block.Neurons));
        StructureCosts costs = Profile(Panels, 0.005).Costs();
        StructurePlan plan = new LatencyAware().Allocate(scores, costs, 0.6 * costs.Whole);
        Assert.All(plan.Layers, (layer, block) => Assert.True(layer.Neurons.Length % 32 == 0 || layer.Neurons.Length == Blocks[block].Neurons, $"{layer.Neurons.Length}"));

        float[][] Drawn(Func<BlockShape, int> count) => [.. Blocks.Select(block => Enumerable.Range(0, count(block)).Select(_ => random.NextSingle()).ToArray())];
    }

    [Fact]
    public void Every_number_is_measured_in_two_blocks_and_the_first_network_is_whole()
    {
        ImmutableArray<ImmutableArray<(int Heads, int Neurons)>> networks = WidthGrid.Deal(Blocks);
        Assert.Equal(Blocks.Select(block => (block.Heads, block.Neurons)), networks[0]);
        foreach (int first in new[] { 0, 10 })
        {
            (int Heads, int Neurons)[] dealt = [.. networks.Skip(1).SelectMany(network => first == 0 ? network[..10] : network[10..])];
            Assert.All(WidthGrid.Heads(Blocks[first].Heads), heads => Assert.True(dealt.Count(one => one.Heads == heads) >= 2));
            Assert.All(WidthGrid.Neurons(Blocks[first].Neurons), neurons => Assert.True(dealt.Count(one => one.Neurons == neurons) >= 2));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(63)]
    public void Small_blocks_and_blocks_without_anything_have_times_too(int units)
    {
        ImmutableArray<BlockShape> blocks = [new(units, 8, units, false), new(1, 8, 4, false)];
        StructureCosts costs = new WidthProfiler(new SyntheticWidths(blocks, Smooth), new() { Rounds = 4, WarmUp = 0 }).Run(1).Costs();
        Assert.Equal((units + 1, units + 1), (costs.Attention[0].Length, costs.Mlp[0].Length));
        Assert.All(costs.Attention.Concat(costs.Mlp).SelectMany(table => table), time => Assert.InRange(time, 0.1, 1000));
    }

    [Fact]
    public void A_network_of_this_engine_is_measured_with_blocks_of_its_own_widths()
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path("timm/augreg-vit"));
        WidthLatency widths = new WidthProfiler(new EngineWidths(network), new() { Rounds = 2, WarmUp = 0 }).Run(2);
        Assert.Equal(network.PrefixTokens + network.PatchTokens, widths.Tokens);
        Assert.Equal(Enumerable.Range(0, network.Depth), widths.Shapes.SelectMany(shape => shape.Blocks).Order());
        StructureCosts costs = widths.Costs();
        Assert.Equal(network.Blocks.Select(block => (block.Heads + 1, block.Neurons + 1)), costs.Attention.Zip(costs.Mlp, (attention, mlp) => (attention.Length, mlp.Length)));
        Assert.True(costs.Outside > 0 && costs.Whole > costs.Outside);
    }

    [Fact]
    public void It_stops_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => new WidthProfiler(new SyntheticWidths(Blocks, Smooth), new()).Run(1, stop.Token));
    }

    static WidthLatency Profile(Func<int, double> neurons, double noise) =>
        new WidthProfiler(new SyntheticWidths(Blocks, neurons, noise), new() { Rounds = 30, WarmUp = 0 }).Run(1);
}
