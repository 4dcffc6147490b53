using Secateur.Compression.Tokens;
using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Tokens;

/// <summary>SpAtten against its plain twin over whole networks; what is its own.</summary>
public sealed class SpAttenTests
{
    [Theory]
    [InlineData("tiny-vit")]
    [InlineData("tiny-deit-distilled")]
    [InlineData("tiny-dinov2-registers")]
    [InlineData("odd-vit")]
    public void Importance_adds_up_over_heads_queries_and_blocks_and_what_is_pruned_stays_pruned(string name)
    {
        VisionTransformer network = TinyNetworks.Load(name, threads: Threads.Inline);
        using SafetensorsFile expected = TinyNetworks.Expected(name);
        float[] picture = expected.Read("input")[..network.ImageLength];
        TokenPlan plan = SpAtten.Cascade("cascade", network.Depth, network.PatchTokens, .2, .3);
        var twin = new Twin();
        Assert.All(
            network.Run(picture, 1, new TokenPlan("cascade", [.. plan.Stages.Select(stage => stage with { Reducer = twin.Beside((SpAtten)stage.Reducer) })])),
            logit => Assert.True(float.IsFinite(logit)));
        Assert.Equal(network.Depth, twin.Blocks);
        Assert.True(twin.Heads < network.Blocks[0].Heads, "no head was pruned");
    }

    [Fact]
    public void Of_a_first_decision_the_least_attended_tokens_and_the_weakest_heads_go()
    {
        TokenSequences sequence = TokenSequences.Draw(3, 1, 3, 8, 41);
        TokenView view = sequence.View();
        TokenMap map = new SpAtten(new() { HeadKeep = .5 }).Reduce(view, 13);
        var received = new double[41];
        for (int h = 0; h < 3; h++)
            for (int i = 0; i < 41; i++)
                for (int j = 0; j < 41; j++)
                    received[j] += view.Attention(h).Row(i)[j];
        int[] gone = [.. Enumerable.Range(1, 40).OrderBy(j => received[j]).Take(13).Order()];
        Assert.Equal(gone, Enumerable.Range(0, 41).Where(i => map.Group[i] == TokenMap.Dropped));
        float[] magnitudes = [view.HeadMagnitude(0), view.HeadMagnitude(1), view.HeadMagnitude(2)];
        Assert.Equal(magnitudes.Select(m => m > magnitudes.Min()), map.Heads.ToArray()); // half of three is two
        Assert.Equal(magnitudes, map.HeadScores.ToArray());
    }

    [Fact]
    public void A_head_that_is_gone_does_not_come_back_whatever_it_had_scored()
    {
        TokenView view = TokenSequences.Draw(3, 1, 3, 8, 41).View() with { HeadScores = new[] { 1e9f, 0, 0 }, ActiveHeads = new[] { false, true, true } };
        Assert.Equal(0, new SpAtten(new() { HeadKeep = 1 }).Reduce(view, 3).Heads.Length); // as they are
        bool[] kept = new SpAtten(new() { HeadKeep = .1 }).Reduce(view, 3).Heads.ToArray();
        Assert.False(kept[0]);
        Assert.Single(kept, true); // attention needs one
    }

    [Fact]
    public void The_default_plan_prunes_no_token_in_the_first_sixth_and_no_head_in_the_first_third()
    {
        TokenPlan plan = TokenPlans.Named("spatten", 12, 196);
        Assert.Equal(12, plan.Stages.Length);
        Assert.All(plan.Stages, stage => Assert.Equal(TokenPosition.AfterAttention, stage.Position));
        Assert.Equal([0, 0], plan.Stages[..2].Select(stage => stage.Remove!.Value));
        Assert.All(plan.Stages[2..], stage => Assert.True(stage.Remove > 0));
        double[] heads = [.. plan.Stages.Select(stage => ((SpAtten)stage.Reducer).Options.HeadKeep)];
        Assert.Equal([1, 1, 1, 1], heads[..4]);
        Assert.Equal(heads.OrderDescending(), heads);
        Assert.Equal(.8, heads[^1]);
    }

    /// <summary>The plain twin: sums by place in the picture and by head, in double precision.</summary>
    sealed class Twin
    {
        readonly Dictionary<int, double> tokens = [];
        readonly Dictionary<int, double> heads = [];
        HashSet<int> computed = [];

        public int Blocks { get; private set; }

        public int Heads => computed.Count;

        public ITokenReducer Beside(SpAtten method) => new Compared(this, method);

        void Check(in TokenView view, int remove, SpAtten method, TokenMap map)
        {
            if (Blocks++ == 0)
                computed = [.. Enumerable.Range(0, view.Heads)];
            for (int h = 0; h < view.Heads; h++)
            {
                Assert.Equal(computed.Contains(h), view.HeadMagnitude(h) != 0);
                heads[h] = heads.GetValueOrDefault(h) + view.HeadMagnitude(h);
                for (int i = 0; i < view.Count; i++)
                    for (int j = 0; j < view.Count; j++)
                        tokens[view.Places[j]] = tokens.GetValueOrDefault(view.Places[j]) + view.Attention(h).Row(i)[j];
            }

            int[] places = view.Places[view.Prefix..].ToArray();
            HashSet<int> gone = [.. places.OrderBy(place => tokens[place]).Take(remove)];
            for (int i = 0; i < view.Count; i++)
                Assert.Equal(gone.Contains(view.Places[i]), map.Group[i] == TokenMap.Dropped);
            int keep = Math.Min(computed.Count, Math.Max(1, (int)Math.Ceiling((method.Options.HeadKeep * view.Heads) - 1e-9)));
            computed = [.. computed.OrderByDescending(h => heads[h]).Take(keep)];
            for (int h = 0; h < map.Heads.Length; h++)
                Assert.Equal(computed.Contains(h), map.Heads[h]);
        }

        sealed class Compared(Twin twin, SpAtten method) : ITokenReducer
        {
            public TokenSignals Needs => method.Needs | TokenSignals.Attention;

            public bool Remembers => method.Remembers;

            public TokenMap Reduce(in TokenView view, int remove)
            {
                TokenMap map = method.Reduce(view, remove);
                twin.Check(view, remove, method, map);
                return map;
            }
        }
    }
}
