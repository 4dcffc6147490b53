using Secateur.Compression.Tokens;
using Secateur.Compression.Tokens.Scores;
using Secateur.Kernels;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Tests.Tokens;

public sealed class ClassAttentionTests
{
    static TokenSequences Draw(int prefix = 1, int seed = 4) => TokenSequences.Draw(seed, prefix, 3, 8, prefix + 40);

    [Fact]
    public void Evit_keeps_the_rate_rounded_up_and_one_fused_token_more()
    {
        Assert.Equal([138, 97, 68], Left(InattentiveFusion.None));
        Assert.Equal([139, 99, 71], Left(InattentiveFusion.Raw)); // the fused token is a candidate of the next stage

        static IEnumerable<int> Left(InattentiveFusion fuse)
        {
            var evit = new EViT(new() { Fuse = fuse });
            int patches = 196;
            for (int stage = 0; stage < 3; stage++)
                yield return patches -= evit.CountToRemove(patches, 0.7);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Evit_s_fused_token_is_the_sum_or_the_mean_by_attention_or_the_plain_mean(int prefix)
    {
        TokenSequences sequence = Draw(prefix);
        var scores = new float[sequence.View().Count];
        ClassAttentionScore.Instance.Score(sequence.View(), scores);
        int[] rest = [.. Enumerable.Range(prefix, 40).OrderByDescending(i => scores[i]).Skip(27)];
        double attention = rest.Sum(i => (double)scores[i]);
        Check(InattentiveFusion.Raw, i => scores[i]);
        Check(InattentiveFusion.Normalised, i => scores[i] / attention);
        Check(InattentiveFusion.Mean, _ => 1.0 / rest.Length);

        void Check(InattentiveFusion fuse, Func<int, double> weight)
        {
            TokenMap map = new EViT(new() { Fuse = fuse }).Reduce(sequence.View(), 12);
            Matrix rows = Matrix.Allocate(map.Count, sequence.Tokens.Columns);
            var sizes = new float[map.Count];
            map.Apply(sequence.Tokens, sequence.View().Sizes, rows, sizes);
            Assert.Equal(prefix + 28, map.Count);
            Assert.Equal(13, sizes[^1]);
            for (int c = 0; c < rows.Columns; c++)
                Assert.Equal(rest.Sum(i => weight(i) * sequence.Tokens.Row(i)[c]), rows.Row(map.Count - 1)[c], 1e-5); // float32 sum of 13
        }
    }

    [Fact]
    public void What_stays_stands_in_the_order_of_its_attention()
    {
        TokenSequences sequence = Draw();
        var scores = new float[41];
        ClassAttentionScore.Instance.Score(sequence.View(), scores);
        foreach (ITokenReducer reducer in new ITokenReducer[] { new TopK(), new EViT() })
        {
            TokenMap map = reducer.Reduce(sequence.View(), 15);
            long[] kept = [.. NetworkTrace.KeptInOrder(map, 1)];
            Assert.Equal(kept.OrderByDescending(i => scores[i]), kept);
        }
    }

    [Fact]
    public void Tokens_without_any_attention_are_still_fused()
    {
        // Every weight of the fused token is 0.
        var signals = new AttentionSignals();
        signals.Prepare(AttentionRequest.ClassRow | AttentionRequest.Received, [0, 9], 1);
        foreach (InattentiveFusion fuse in Enum.GetValues<InattentiveFusion>())
        {
            var view = new TokenView(TokenSignals.ClassAttention | TokenSignals.Received, 1, (float[])[.. Enumerable.Repeat(1f, 9)], default, default, default, 1, signals, 0);
            Assert.Equal(5, new EViT(new() { Fuse = fuse }).Reduce(view, 4).Count);
        }
    }

    [Fact]
    public void The_inattentive_token_is_the_plain_mean_of_one_more_than_go()
    {
        TokenSequences sequence = Draw();
        TokenMap map = new TailEffectPruning().Reduce(sequence.View(), 12);
        Assert.Equal(29, map.Count);
        int[] rest = [.. Enumerable.Range(0, 41).Where(i => map.Group[i] == 28)];
        Assert.Equal(13, rest.Length);
        Matrix rows = Matrix.Allocate(29, sequence.Tokens.Columns);
        float[] sizes = new float[29], two = [.. Enumerable.Repeat(2f, 41)];
        two[rest[0]] = 7; // sizes do not weigh
        map.Apply(sequence.Tokens, two, rows, sizes);
        for (int c = 0; c < rows.Columns; c++)
            Assert.Equal(rest.Average(i => (double)sequence.Tokens.Row(i)[c]), rows.Row(28)[c], 1e-5); // float32 sum of 13
    }

    [Theory]
    [InlineData(0, 12, 12)] // that code knows no network without a class token
    [InlineData(1, 12, 12)]
    [InlineData(2, 12, 11)]
    [InlineData(5, 12, 8)]
    [InlineData(5, 3, 0)]
    [InlineData(1, 38, 0)]
    public void For_compatibility_as_many_go_as_in_the_released_code(int prefix, int asked, int gone)
    {
        TokenMap map = new TailEffectPruning(new() { Compatibility = true }).Reduce(Draw(prefix).View(), asked);
        Assert.Equal(prefix + 40 - gone, map.Count);
    }

    [Fact]
    public void Mates_change_a_score_for_compatibility_alone()
    {
        var batch = TokenSequences.Draw(5, 1, 3, 8, 41, 60);
        foreach (bool compatibility in new[] { false, true })
        {
            Assert.Equal(compatibility, Enumerable.Range(0, 2).Any(sequence => Changes(compatibility, sequence)));
            Assert.Equal(compatibility, new TailEffectPruning(new() { Compatibility = compatibility }).DependsOnBatch);
        }

        bool Changes(bool compatibility, int sequence)
        {
            TokenView view = batch.View(sequence);
            float[] alone = new float[view.Count], together = new float[view.Count];
            new TailEffectScore(ofBatch: compatibility).Score(view, alone);
            new TailEffectScore(ofBatch: compatibility).Score(view with { Mates = 2, MateOf = mate => batch.View(mate) }, together);
            return !alone.SequenceEqual(together);
        }
    }

    [Theory]
    [InlineData("tail-effect")]
    [InlineData("evit")]
    [InlineData("ats")]
    [InlineData("top-k")]
    public void A_network_without_class_token_is_pruned_by_the_attention_received(string method)
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path("timm/no-class-token"));
        var input = new float[network.ImageLength];
        var random = new Random(3);
        foreach (ref float value in input.AsSpan())
            value = (float)random.NextDouble();
        TokenPlan plan = TokenMethods.Get(method).DefaultPlan(network.Depth, network.PatchTokens);
        Assert.All(network.Run(input, 1, plan), logit => Assert.True(float.IsFinite(logit)));
    }
}
