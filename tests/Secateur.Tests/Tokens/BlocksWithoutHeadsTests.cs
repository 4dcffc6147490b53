using System.Collections.Immutable;
using Secateur.Compression.Structured;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Datasets;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Tests.Tokens;

/// <summary>Token plans on networks that lost all heads of some blocks.</summary>
public sealed class BlocksWithoutHeadsTests
{
    static readonly VisionTransformer Dense = Secateur.Cli.Network.Load("scenes-vit", null);
    static readonly VisionTransformer Pruned = Without(2, 3, 6, 11);

    public static TheoryData<string> Methods => [.. TokenMethods.All.Select(method => method.Name)];

    static VisionTransformer Without(params int[] blocks)
    {
        StructurePlan whole = StructurePlan.Whole(Dense);
        ImmutableArray<LayerPlan> layers = [.. whole.Layers.Select((layer, i) => blocks.Contains(i) ? layer with { Heads = [], Neurons = [.. layer.Neurons.Take(i)] } : layer)];
        return (VisionTransformer)Surgeon.Apply(Dense, whole with { Layers = layers });
    }

    static float[] Scene()
    {
        var scene = new float[Dense.ImageLength];
        new SceneSet(1, 1, Dense.Config.Preprocessing).Read(0, scene);
        return scene;
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_method_runs_where_heads_are_left_or_is_refused_in_one_sentence(string name)
    {
        TokenPlan usual = TokenMethods.Get(name).DefaultPlan(Pruned.Depth, Pruned.PatchTokens), plan = usual.Fitting(Pruned.Blocks);
        var logits = new float[Pruned.Classes];
        var counter = new MacCounter(Pruned, plan);
        Pruned.Run(Scene(), 1, logits, plan, counter);
        Assert.All(logits, logit => Assert.True(float.IsFinite(logit)));
        if (!plan.Adaptive)
            Assert.Equal(MacCounter.Count(Pruned, plan).Total, counter.Total);
        Assert.Same(plan, plan.Fitting(Pruned.Blocks));
        if (plan != usual)
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => Pruned.Run(Scene(), 1, usual));
            Assert.Contains("has none left", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_stage_moves_to_the_next_block_with_heads_and_joins_the_one_that_is_there()
    {
        ITokenReducer looks = TokenMethods.Get("top-k").Create(), blind = TokenMethods.Get("random-drop").Create();
        TokenStage Of(int block, ITokenReducer reducer, int remove) => new(block, TokenPosition.AfterBlock, reducer) { Remove = remove };
        var plan = new TokenPlan("x", [Of(0, looks, 1), Of(2, looks, 2), Of(3, looks, 4), Of(4, looks, 8), Of(6, blind, 16), Of(11, looks, 32)]);
        Assert.Equal([Of(0, looks, 1), Of(4, looks, 14), Of(6, blind, 16)], plan.Fitting(Pruned.Blocks).Stages.AsEnumerable());
        Assert.Same(plan, plan.Fitting(Dense.Blocks));
    }

    [Fact]
    public void Where_no_heads_are_left_at_all_nothing_goes()
    {
        VisionTransformer none = Without([.. Enumerable.Range(0, Dense.Depth)]);
        TokenPlan plan = TokenPlans.Named("evit-70", none.Depth, none.PatchTokens).Fitting(none.Blocks);
        Assert.Empty(plan.Stages);
        Assert.All(none.Run(Scene(), 1, plan), logit => Assert.True(float.IsFinite(logit)));
    }
}
