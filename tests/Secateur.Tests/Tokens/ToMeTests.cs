using Secateur.Compression.Tokens;
using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Tokens;

public sealed class ToMeTests
{
    public static TheoryData<int, int, int> PrefixesCountsAndRemovals
    {
        get
        {
            var data = new TheoryData<int, int, int>();
            foreach (int prefix in new[] { 0, 1, 2, 5 })
                foreach (int patches in new[] { 2, 3, 40, 41 })
                    foreach (int remove in new[] { 1, 7, 100 })
                        data.Add(prefix, patches, remove);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(PrefixesCountsAndRemovals))]
    public void The_matching_is_a_plain_one(int prefix, int patches, int remove)
    {
        TokenSequences sequence = TokenSequences.Draw(3, prefix, 3, 8, prefix + patches);
        Assert.Equal(PlainToMe.Group(sequence.View(), Math.Min(remove, patches / 2)), new ToMe().Reduce(sequence.View(), remove).Group.ToArray());
    }

    [Fact]
    public void A_constant_schedule_is_the_same_in_every_block() => Assert.Equal([8, 8, 8, 8], ToMe.Schedule(4, 8));

    // Numbers of the released schedule function.
    [Theory]
    [InlineData(12, 8, -1, new[] { 16, 14, 13, 11, 10, 8, 7, 5, 4, 2, 1, 0 })]
    [InlineData(12, 8, 1, new[] { 0, 1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16 })]
    [InlineData(6, 5, 0.5, new[] { 2, 3, 4, 5, 6, 8 })]
    [InlineData(1, 5, -1, new[] { 5 })]
    public void A_schedule_rises_or_falls_evenly_in_whole_parts(int depth, int r, double inflect, int[] counts) =>
        Assert.Equal(counts, ToMe.Schedule(depth, r, inflect));

    [Fact]
    public void A_list_is_a_schedule_that_ends_in_zeros() => Assert.Equal([3, 2, 0, 0], ToMe.Schedule(4, [3, 2]));

    [Fact]
    public void A_schedule_that_no_network_can_follow_is_refused()
    {
        Assert.Throws<ArgumentException>("counts", () => ToMe.Schedule(2, [1, 1, 1]));
        Assert.Throws<ArgumentException>("counts", () => ToMe.Schedule(2, [-1]));
        Assert.Throws<ArgumentOutOfRangeException>("inflect", () => ToMe.Schedule(2, 1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("r", () => ToMe.Schedule(2, -1));
    }

    [Fact]
    public void No_more_merge_in_a_block_than_half_of_its_patches() =>
        Assert.Equal([(64, 32), (32, 16), (16, 8), (8, 4), (4, 2), (2, 1)], ToMe.Plan("all", ToMe.Schedule(6, 100)).PatchesByBlock(6, 64).ToArray());

    [Fact]
    public void The_kth_matching_leaves_every_kth_patch_and_merges_all_others_when_asked_to()
    {
        TokenSequences sequence = TokenSequences.Draw(3, 1, 3, 8, 1 + 22);
        TokenMap map = new ToMe(new() { Matching = ToMeMatching.Kth, Every = 5 }).Reduce(sequence.View(), 22);
        Assert.Equal(1 + 4, map.Count);
        for (int i = 0; i < 4; i++)
            Assert.Equal(1 + i, map.Group[5 * (i + 1)]); // patches 4, 9, 14, 19
    }

    [Fact]
    public void The_random_matching_merges_as_many_as_asked_and_differs_by_its_seed()
    {
        TokenSequences sequence = TokenSequences.Draw(3, 1, 3, 8, 41);
        TokenMap[] maps = [.. Enumerable.Range(0, 2).Select(seed => new ToMe(new() { Matching = ToMeMatching.Random, Seed = seed }).Reduce(sequence.View(), 30))];
        Assert.All(maps, map => Assert.Equal(11, map.Count));
        Assert.NotEqual(maps[0].Group.ToArray(), maps[1].Group.ToArray());
    }

    [Fact]
    public void Proportional_attention_changes_nothing_before_the_first_merge()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-vit", threads: Threads.Inline);
        using SafetensorsFile expected = TinyNetworks.Expected("tiny-vit");
        float[] picture = expected.Read("input")[..network.ImageLength];
        int[] last = [0, 0, 0, 0, 0, 9];
        Assert.Equal(network.Run(picture, 1, ToMe.Plan("off", last, new() { ProportionalAttention = false })), network.Run(picture, 1, ToMe.Plan("on", last)));
    }

    [Fact]
    public void Average_pooling_weighs_merged_patches_by_how_many_they_stand_for()
    {
        using SafetensorsFile weights = SafetensorsFile.Open(Fixtures.Path("tiny-vit/model.safetensors")), expected = TinyNetworks.Expected("tiny-vit");
        VisionTransformer network = new(TinyNetworks.Load("tiny-vit").Config with { Pooling = VitPooling.Average }, weights);
        var watch = new Last();
        var logits = new float[network.Classes];
        network.Run(expected.Read("input").AsSpan(0, network.ImageLength), 1, logits, ToMe.Plan("r6", ToMe.Schedule(6, 6)), watch);
        Assert.Equal(network.PatchTokens, watch.Sizes[1..].Sum());
        float[] head = weights.Read("head.weight"), bias = weights.Read("head.bias");
        var wanted = new float[network.Classes];
        for (int c = 0; c < wanted.Length; c++)
        {
            double sum = 0;
            for (int i = 1; i < watch.Sizes.Length; i++)
                for (int k = 0; k < network.Width; k++)
                    sum += (double)watch.Sizes[i] * watch.Features[i][k] * head[(c * network.Width) + k];
            wanted[c] = (float)((sum / network.PatchTokens) + bias[c]);
        }

        // Float32 sums of 28 tokens and 64 columns against sums in float64.
        Assert.True(TinyNetworks.Difference(wanted, logits) < 1e-5);
    }

    sealed class Last : RunObserver
    {
        public float[][] Features { get; private set; } = [];

        public float[] Sizes { get; private set; } = [];

        public override bool WantsFeatures => true;

        public override void OnFeatures(TokenRows tokens) =>
            (Features, Sizes) = ([.. Enumerable.Range(0, tokens.Count).Select(i => tokens.Rows.Row(i).ToArray())], tokens.Sizes.ToArray());
    }
}
