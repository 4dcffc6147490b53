using System.Collections.Immutable;
using Secateur.Compression.Structured.Patches;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Datasets;
using Secateur.Models;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Tests.Structured.Patches;

public sealed class PatchWalkTests
{
    public static TheoryData<string> Executing => [.. TokenMethods.All.Where(PatchPlans.Executes).Select(method => method.Name)];

    [Fact]
    public void A_patch_that_goes_is_gone_in_all_later_blocks_and_the_least_important_goes_first()
    {
        var walk = new PatchWalk(new([[], [5, 9, 1, 8, 7], [4, 2, 3, 6, 0.5f]]));

        // In order: patch 4 before block 2, 2 before 1, 1 before 2, 0 before 2 (2 is gone already), then 0 and 4 before 1 instead, ...
        Assert.Equal([5, 5, 5], walk.Counts(0).ToArray());
        Assert.Equal([5, 5, 4], walk.Counts(1).ToArray());
        Assert.Equal([5, 4, 3], walk.Counts(2).ToArray());
        Assert.Equal([5, 4, 2], walk.Counts(3).ToArray());
        Assert.Equal([5, 4, 1], walk.Counts(4).ToArray());
        Assert.Equal([5, 3, 1], walk.Counts(5).ToArray());
        Assert.Equal([5, 2, 1], walk.Counts(6).ToArray());

        // One of five is more than a tenth and stays.
        Assert.Equal([5, 1, 1], walk.Counts(walk.Removals).ToArray());
    }

    [Fact]
    public void The_fewest_removals_that_a_budget_holds_are_taken()
    {
        var random = new Random(3);
        var walk = new PatchWalk(new([[], .. Enumerable.Range(0, 5).Select(_ => Enumerable.Range(0, 49).Select(_ => random.NextSingle()).ToArray())]));
        static double Cost(ImmutableArray<int> counts) => counts.Sum();
        Assert.Equal(walk.Counts(0).ToArray(), Assert.NotNull(walk.Meet(6 * 49, Cost)).ToArray());
        Assert.Null(walk.Meet(49, Cost));
        for (int budget = 100; budget < 6 * 49; budget += 13)
        {
            ImmutableArray<int> counts = Assert.NotNull(walk.Meet(budget, Cost));
            int first = Enumerable.Range(0, walk.Removals + 1).First(taken => walk.Counts(taken).Sum() <= budget);
            Assert.Equal(walk.Counts(first).ToArray(), counts.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Executing))]
    public void What_a_method_executes_is_what_was_counted(string name)
    {
        VisionTransformer network = Secateur.Cli.Network.Load("scenes-vit", null);
        ImmutableArray<int> counts = [196, 196, 190, 180, 180, 150, 120, 100, 90, 80, 60, 40];
        TokenPlan plan = PatchPlans.Of(name, TokenMethods.Get(name), counts);
        var counter = new MacCounter(network, plan);
        var scene = new float[network.ImageLength];
        new SceneSet(1, 1, network.Config.Preprocessing).Read(0, scene);
        network.Run(scene, 1, new float[network.Classes], plan, counter);
        Assert.Equal(MacCounter.Count(network, plan).Total, counter.Total);
        if (plan.Stages.All(stage => stage.Reducer.MostToRemove(40) >= 20))
            Assert.Equal(counts.AsEnumerable(), plan.PatchesByBlock(12, 196).Select(block => block.Attention));
    }

    [Fact]
    public void A_method_that_removes_what_a_picture_wants_is_refused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => PatchPlans.Of("x", TokenMethods.Get("a-vit"), [196, 100]));
        Assert.Contains("tome", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PatchPlans.Of("x", TokenMethods.Get("tome"), [100, 120]));
    }

    [Fact]
    public void What_a_matching_cannot_take_at_one_place_it_takes_at_the_next()
    {
        TokenPlan plan = PatchPlans.Of("x", TokenMethods.Get("tome"), [100, 20, 20, 20]);
        Assert.Equal([100, 50, 25, 20], plan.PatchesByBlock(4, 100).Select(block => block.Attention));
    }

    [Fact]
    public void The_released_code_computes_more_than_it_counts()
    {
        // DeiT-S. The released code counts without the class token and executes with it: 3.00 of 4.54 GMAC counted, 3.37 executed.
        var block = new BlockShape(6, 64, 1536, false);
        ImmutableArray<int> tokens = [197, 190, 180, 170, 150, 140, 130, 110, 100, 90, 80, 70];
        // ToMe merges in every block what should have been gone before the block in front of it, and what should go before the last block never does.
        TokenPlan lagging = ToMe.Plan("tome, as released", [0, 0, .. Enumerable.Range(1, 10).Select(i => tokens[i - 1] - tokens[i])]);
        TokenPlan whole = PatchPlans.Of("counted", TokenMethods.Get("top-k"), [.. tokens.Select(count => count - 1)]);
        Assert.Equal(4.54, Giga(TokenPlan.Dense, 1), 0.005);
        Assert.Equal(3.00, tokens.Sum(count => block.AttentionMacs(count - 1, 384, 6) + block.MlpMacs(count - 1, 384)) / 1e9, 0.005);
        Assert.Equal(3.37, Giga(lagging, 1), 0.005);

        // Executed as counted, the class token included; a little less where the block before computes its MLP without the patches already.
        Assert.InRange(Giga(whole, 1), 2.85, 3.00);

        double Giga(TokenPlan plan, int prefix) =>
            plan.PatchesByBlock(12, 196).Sum(seen => block.AttentionMacs(seen.Attention + prefix, 384, 6) + block.MlpMacs(seen.Mlp + prefix, 384)) / 1e9;
    }
}
