using Secateur.Compression.Tokens;
using Secateur.Kernels;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Tokens;

public sealed class CompositionTests
{
    const int Patches = 41;

    public static TheoryData<CompositionScore, CompositionRule> Pairs
    {
        get
        {
            var pairs = new TheoryData<CompositionScore, CompositionRule>();
            foreach (CompositionScore score in Enum.GetValues<CompositionScore>())
                foreach (CompositionRule rule in Enum.GetValues<CompositionRule>())
                    pairs.Add(score, rule);
            return pairs;
        }
    }

    static TokenSequences Draw(int prefix, int seed = 4) => TokenSequences.Draw(seed, prefix, 3, 8, prefix + Patches);

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Any_score_feeds_any_rule_and_exactly_as_many_go_as_can(CompositionScore score, CompositionRule rule)
    {
        var composition = new Composition(new() { Score = score, Rule = rule });
        foreach (int prefix in new[] { 0, 1, 2, 5 })
            foreach (int remove in new[] { 0, 1, 7, Patches - 1, Patches })
            {
                TokenSequences sequence = Draw(prefix);
                TokenMap map = composition.Reduce(prefix > 0 ? sequence.View(granted: composition.Needs) : sequence.View(), remove);
                Assert.Equal(prefix + Patches - Math.Min(remove, composition.MostToRemove(Patches)), map.Count);
                Assert.Equal(Enumerable.Range(0, prefix), map.Group[..prefix].ToArray());
                Assert.All(map.Group[prefix..].ToArray(), group => Assert.True(group is TokenMap.Dropped || group >= prefix));
                Assert.Equal(remove == 0, map.IsIdentity);
            }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Merging_and_fusing_keep_all_mass_and_dropping_none_of_what_goes(CompositionScore score, CompositionRule rule)
    {
        TokenSequences sequence = Draw(1);
        TokenMap map = new Composition(new() { Score = score, Rule = rule }).Reduce(sequence.View(), 9);
        var sizes = new float[map.Count];
        map.Apply(sequence.Tokens, sequence.View().Sizes, Matrix.Allocate(map.Count, sequence.Tokens.Columns), sizes);
        Assert.Equal(rule is CompositionRule.Drop or CompositionRule.DropSimilar ? map.Count : 1 + Patches, sizes.Sum());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Zero_TPrune_s_importance_that_drops_is_its_importance_stage(int votes)
    {
        TokenMap composed = new Composition(new() { Score = CompositionScore.ZeroTprune, Votes = votes, Rule = CompositionRule.Drop }).Reduce(Draw(1).View(), 11);
        TokenMap whole = new ZeroTPrune(new() { Similar = 0, Iterations = votes }).Reduce(Draw(1).View(), 11);
        Assert.Equal(whole.Group.ToArray(), composed.Group.ToArray());
    }

    [Fact]
    public void The_early_importance_that_drops_is_the_early_form()
    {
        TokenMap composed = new Composition(new() { Score = CompositionScore.ZeroTpruneEarly, Votes = 1, Rule = CompositionRule.Drop }).Reduce(Draw(1).View(), 11);
        Assert.Equal(new ZeroTPruneEarly().Reduce(Draw(1).View(), 11).Group.ToArray(), composed.Group.ToArray());
    }

    [Fact]
    public void One_vote_and_then_dropping_the_similar_is_the_similarity_stage()
    {
        TokenMap composed = new Composition(new() { Score = CompositionScore.ZeroTprune, Votes = 1, Rule = CompositionRule.DropSimilar }).Reduce(Draw(1).View(), 11);
        Assert.Equal(new ZeroTPrune(new() { Similar = 11, Iterations = 0 }).Reduce(Draw(1).View(), 11).Group.ToArray(), composed.Group.ToArray());
    }

    [Fact]
    public void The_tail_effect_s_score_that_fuses_is_the_tail_effect_s_cut()
    {
        TokenMap composed = new Composition(new() { Score = CompositionScore.TailEffect, Rule = CompositionRule.Fuse }).Reduce(Draw(1).View(), 11);
        Assert.Equal(new TailEffectPruning().Reduce(Draw(1).View(), 11).Group.ToArray(), composed.Group.ToArray());
    }

    [Fact]
    public void The_class_token_s_attention_that_fuses_nothing_is_Top_K()
    {
        TokenMap composed = new Composition(new() { Score = CompositionScore.ClassAttention, Rule = CompositionRule.Fuse, Fuse = InattentiveFusion.None }).Reduce(Draw(1).View(), 11);
        Assert.Equal(new TopK().Reduce(Draw(1).View(), 11).Group.ToArray(), composed.Group.ToArray());
    }

    [Fact]
    public void The_class_token_s_attention_that_fuses_raw_is_EViT()
    {
        TokenMap composed = new Composition(new() { Score = CompositionScore.ClassAttention, Rule = CompositionRule.Fuse, Fuse = InattentiveFusion.Raw }).Reduce(Draw(1).View(), 11);
        TokenMap evit = new EViT().Reduce(Draw(1).View(), 11);
        Assert.Equal(evit.Group.ToArray(), composed.Group.ToArray());
        Assert.Equal(evit.Weights.ToArray(), composed.Weights.ToArray());
        Assert.True(composed.Sums && evit.Sums);
    }

    [Fact]
    public void Over_a_whole_network_raw_fusing_answers_as_EViT_where_sizes_do_not_weigh()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        float[] picture = [.. Enumerable.Range(0, network.ImageLength).Select(i => MathF.Sin(i))];
        float[] Answers(ITokenReducer reducer) =>
            network.Run(picture, 1, new("", [new(1, TokenPosition.AfterAttention, reducer) { Keep = .7 }, new(3, TokenPosition.AfterAttention, reducer) { Keep = .7 }]));
        var raw = new CompositionOptions { Score = CompositionScore.ClassAttention, Rule = CompositionRule.Fuse, Fuse = InattentiveFusion.Raw };
        float[] evit = Answers(new EViT());
        Assert.Equal(evit, Answers(new Composition(raw with { ProportionalAttention = false })));
        Assert.NotEqual(evit, Answers(new Composition(raw)));
    }

    [Fact]
    public void Each_of_the_unimportant_merges_with_the_important_token_whose_key_is_most_like_its_own()
    {
        TokenView view = Draw(1).View();
        TokenMap map = new Composition(new() { Score = CompositionScore.Received, Rule = CompositionRule.Merge }).Reduce(view, 11);
        double[] received = [.. Enumerable.Range(0, view.Count).Select(_ => 0.0)];
        for (int h = 0; h < view.Heads; h++)
            for (int i = 0; i < view.Count; i++)
                received[i] += view.Received(h)[i];
        int[] order = [.. Enumerable.Range(1, Patches).OrderByDescending(i => received[i])], kept = [.. order[..^11].Order()];
        for (int i = 0; i < kept.Length; i++)
            Assert.Equal(1 + i, map.Group[kept[i]]);
        foreach (int gone in order[^11..])
        {
            int nearest = kept[0];
            foreach (int token in kept)
                if (Cosine(view, gone, token) > Cosine(view, gone, nearest))
                    nearest = token;
            Assert.Equal(map.Group[nearest], map.Group[gone]);
        }
    }

    [Fact]
    public void The_patches_around_the_centre_stay_longest()
    {
        TokenSequences sequence = TokenSequences.Draw(1, 1, 2, 8, 1 + 35); // 5 rows of 7
        TokenMap map = new Composition(new() { Score = CompositionScore.Centre, Rule = CompositionRule.Drop }).Reduce(sequence.View(), 35 - 5);
        int[] kept = [.. Enumerable.Range(0, 36).Where(i => map.Group[i] != TokenMap.Dropped)];
        Assert.Equal([0, 1 + 10, 1 + 16, 1 + 17, 1 + 18, 1 + 24], kept);
    }

    static double Cosine(TokenView view, int a, int b)
    {
        double product = 0, aa = 0, bb = 0;
        for (int c = 0; c < view.HeadDim; c++)
        {
            double x = 0, y = 0;
            for (int h = 0; h < view.Heads; h++)
            {
                x += view.Key(a)[(h * view.HeadDim) + c];
                y += view.Key(b)[(h * view.HeadDim) + c];
            }

            (product, aa, bb) = (product + (x * y), aa + (x * x), bb + (y * y));
        }

        return product / Math.Sqrt(aa * bb);
    }
}
