using Secateur.Compression;
using Secateur.Compression.Tokens;
using Secateur.Models.Tokens;

namespace Secateur.Tests.Tokens;

public sealed class TokenPlansTests
{
    /// <summary>GMACs of the blocks alone, as the papers count: 4 N C^2 + 2 N^2 C in attention, 8 N C^2 in the MLP, N with the class token.</summary>
    static double Cost(TokenPlan plan, double width) =>
        plan.PatchesByBlock(12, 196).Sum(n =>
            (4 * (n.Attention + 1) * width * width) + (2.0 * (n.Attention + 1) * (n.Attention + 1) * width) + (8 * (n.Mlp + 1) * width * width)) / 1e9;

    [Theory]
    [InlineData("dense", 4.541)]
    [InlineData("zero-tprune", 3.058)]
    [InlineData("zero-tprune-uni", 3.058)]
    [InlineData("random-drop", 3.058)]
    [InlineData("dynamic-vit-untrained", 2.820)]
    [InlineData("dpc-knn", 2.820)]
    [InlineData("spatten", 3.515)]
    [InlineData("k-medoids", 2.820)]
    [InlineData("centre-mask", 3.106)]
    public void Plans_cost_on_deit_s_what_was_counted(string name, double gmacs) =>
        Assert.Equal(gmacs, Cost(TokenPlans.Named(name, 12, 196), 384), 5e-4);

    [Theory]
    [InlineData("zero-tprune-a", 2.97)]
    [InlineData("zero-tprune-b", 2.50)]
    [InlineData("zero-tprune-c", 3.97)]
    public void The_published_budgets_are_met_to_their_last_digit(string name, double gmacs) =>
        Assert.Equal(gmacs, Cost(TokenPlans.Named(name, 12, 196), 384), 5e-3);

    [Theory]
    [InlineData("zero-tprune-early", 384, 3.548)]
    [InlineData("zero-tprune-early-votes5", 384, 3.548)]
    [InlineData("zero-tprune-early", 192, 0.959)]
    [InlineData("zero-tprune-early", 768, 13.614)]
    [InlineData("zero-tprune-early-80", 384, 3.337)]
    [InlineData("zero-tprune-early-70", 384, 2.867)]
    [InlineData("zero-tprune-early-60", 384, 2.473)]
    public void Early_plans_cost_what_was_counted_with_embedding_and_classifier(string name, double width, double gmacs)
    {
        double outer = ((196 * 768 * width) + (1000 * width)) / 1e9;
        Assert.Equal(gmacs, Cost(TokenPlans.Named(name, 12, 196), width) + outer, 1e-3);
    }

    [Theory]
    [InlineData("tome-r8", 3.416)]
    [InlineData("tome-r11", 2.986)]
    [InlineData("tome-r13", 2.703)]
    [InlineData("tome-r16", 2.291)]
    [InlineData("tome-decreasing", 3.059)]
    [InlineData("tome-increasing", 3.902)]
    [InlineData("tail-effect-r56", 3.624)]
    [InlineData("tail-effect-r69", 3.403)]
    [InlineData("tail-effect-r77", 3.268)]
    [InlineData("evit-90", 4.022)]
    [InlineData("evit-80", 3.477)]
    [InlineData("evit-70", 3.029)]
    [InlineData("evit-60", 2.635)]
    [InlineData("evit-50", 2.309)]
    [InlineData("diffrate", 2.905)]
    [InlineData("ltmp", 2.829)]
    public void Plans_for_deit_s_cost_what_was_counted_with_embedding_and_classifier(string name, double gmacs) =>
        Assert.Equal(gmacs, Cost(TokenPlans.Named(name, 12, 196), 384) + (((196 * 768) + 1000) * 384 / 1e9), 1e-3);

    [Fact]
    public void The_main_setting_is_the_published_one()
    {
        TokenPlan plan = TokenPlans.Named("zero-tprune", 12, 196);
        Assert.Equal([0, 2, 5, 8, 10], plan.Stages.Select(stage => stage.Block));
        Assert.Equal([1, .9, .8, .7, 1], plan.Stages.Select(stage => stage.Keep!.Value));

        // Published are 30, 5, 5, 1 and 1 votes; where the rate is 1 nobody goes by them, so they are not held.
        Assert.Equal([0, 5, 5, 1, 0], plan.Stages.Select(stage => ((ZeroTPrune)stage.Reducer).Options.Iterations));
        Assert.All(plan.Stages, stage => Assert.Equal(10, ((ZeroTPrune)stage.Reducer).Options.Similar));
        Assert.All(plan.Stages, stage => Assert.Equal(TokenPosition.AfterBlock, stage.Position));
    }

    [Fact]
    public void Random_drop_removes_as_many_as_the_main_setting_everywhere() =>
        Assert.Equal(
            TokenPlans.Named("zero-tprune", 12, 196).PatchesByBlock(12, 196).ToArray(),
            TokenPlans.Named("random-drop", 12, 196).PatchesByBlock(12, 196).ToArray());

    [Fact]
    public void Every_name_works_for_every_network_and_stages_stay_apart_and_inside()
    {
        foreach (NamedTokenPlan named in TokenPlans.All)
            for (int depth = 1; depth <= 48; depth++)
                foreach (int patches in new[] { 1, 16, 49, 196, 576, 1369 })
                {
                    TokenPlan plan = TokenPlans.Named(named.Name, depth, patches);
                    int[] blocks = [.. plan.Stages.Select(stage => stage.Block)];
                    Assert.Equal(blocks.Distinct().Order(), blocks);
                    Assert.All(blocks, block => Assert.InRange(block, 0, depth - 1));
                    Assert.All(plan.Stages, stage => Assert.InRange(stage.CountToRemove(patches), 0, patches));
                }
    }

    [Fact]
    public void Only_a_plan_that_was_published_so_prunes_after_the_last_block()
    {
        string[] so = [.. TokenPlans.All.Where(plan => plan.For(12, 196).Stages.Any(stage => stage is { Block: 11, Position: TokenPosition.AfterBlock })).Select(plan => plan.Name)];
        Assert.Equal(["zero-tprune-early-six", "zero-tprune-early-six-deep"], so);
        foreach (NamedTokenPlan named in TokenPlans.All)
            for (int depth = 1; depth <= 48; depth++)
                if (!so.Contains(named.Name))
                    Assert.DoesNotContain(named.For(depth, 196).Stages, stage => stage.Block == depth - 1 && stage.Position == TokenPosition.AfterBlock);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_names_there_are() =>
        Assert.Contains("zero-tprune-uni", Assert.Throws<PlanException>(() => TokenPlans.Named("zerotprune", 12, 196)).Message);
}
