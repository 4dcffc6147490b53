using Secateur.Compression.Tokens;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Tokens;

public sealed class LtmpTests
{
    [Theory]
    [InlineData(0, 0.5, 0.02, 40)]
    [InlineData(1, 0.5, 0.02, 40)]
    [InlineData(1, 0.9, 0.024, 40)]
    [InlineData(1, 1, 0.024, 40)]
    [InlineData(1, 0.2, 0, 40)]
    [InlineData(2, 0.5, 0.02, 40)]
    [InlineData(5, 0.5, 0.02, 40)]
    [InlineData(1, 0.5, 0.03, 15)]
    [InlineData(1, -1, 1, 40)]
    public void Decisions_by_value_are_those_of_a_plain_twin(int prefix, double merge, double prune, int most)
    {
        TokenSequences sequence = TokenSequences.Draw(6, prefix, 3, 8, prefix + 40);
        var method = new Ltmp(new() { Threshold = LtmpThreshold.Value, MergeThreshold = merge, PruneThreshold = prune });
        Assert.Equal(Plain(sequence.View(), merge, prune, most), method.Reduce(sequence.View(), most).Group.ToArray());
    }

    [Fact]
    public void As_released_nothing_goes_before_thresholds_are_given_and_by_quantile_something_does()
    {
        TokenSequences sequence = TokenSequences.Draw(6, 1, 3, 8, 41);
        Assert.True(new Ltmp(new() { Threshold = LtmpThreshold.Value }).Reduce(sequence.View(), 40).IsIdentity);
        Assert.False(new Ltmp().Reduce(sequence.View(), 40).IsIdentity);
    }

    [Theory]
    [InlineData(0.9, 0.1, 2, 4)]
    [InlineData(0.5, 0, 10, 0)]
    [InlineData(1, 0.25, 0, 10)]
    [InlineData(0, 1, 20, 20)]
    public void Quantiles_set_how_many_merge_and_how_many_of_the_rest_are_pruned(double merge, double prune, int merged, int pruned)
    {
        var method = new Ltmp(new() { MergeQuantile = merge, PruneQuantile = prune });
        TokenMap map = method.Reduce(TokenSequences.Draw(6, 1, 3, 8, 41).View(), 40);
        Assert.Equal(41 - merged - pruned, map.Count);
        Assert.Equal(merged + pruned, method.MostToRemove(40));
        Assert.False(method.Adaptive);
    }

    [Fact]
    public void Thresholds_set_from_pictures_let_as_many_go_from_them_as_the_quantiles_and_others_from_each()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        float[] pictures = Pictures(network, 12);
        TokenPlan quantiles = TokenPlans.Named("ltmp", network.Depth, network.PatchTokens), values = LtmpThresholds.Set(network, pictures, 12, quantiles);
        Assert.True(values.Adaptive);
        int[][] shares = Counts(network, pictures, quantiles), found = Counts(network, pictures, values);
        for (int block = 0; block < network.Depth; block++)
            Assert.Equal(shares[block].Average(), found[block].Average(), (block + 1) * 2.0 / 2); // each block rounds twice, half a token at most, and later ones act on that
        Assert.True(found[^1].Distinct().Count() > 1, "all pictures kept as many tokens");
    }

    [Fact]
    public void A_plan_file_keeps_the_thresholds()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        float[] pictures = Pictures(network, 4);
        TokenPlan plan = LtmpThresholds.Set(network, pictures, 4), again = TokenPlanFile.Parse(TokenPlanFile.Print(plan));
        Assert.Equal(network.Run(pictures, 4, plan), network.Run(pictures, 4, again));
    }

    [Fact]
    public void Thresholds_do_not_depend_on_the_order_of_the_pictures()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        float[] pictures = Pictures(network, 4);
        float[] turned = [.. Enumerable.Range(0, 4).Reverse().SelectMany(i => pictures[(i * network.ImageLength)..((i + 1) * network.ImageLength)])];
        Assert.Equal(TokenPlanFile.Print(LtmpThresholds.Set(network, pictures, 4)), TokenPlanFile.Print(LtmpThresholds.Set(network, turned, 4)));
    }

    [Fact]
    public void A_threshold_out_of_range_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Ltmp(new() { MergeQuantile = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Ltmp(new() { PruneThreshold = -0.1 }));
    }

    static float[] Pictures(VisionTransformer network, int count)
    {
        using SafetensorsFile expected = TinyNetworks.Expected("tiny-vit");
        float[] two = expected.Read("input"), pictures = new float[count * network.ImageLength];
        var random = new Random(1);
        for (int i = 0; i < pictures.Length; i++) // the two pictures in turn, under noise of another strength each
            pictures[i] = two[i % two.Length] + ((float)(random.NextDouble() - 0.5) * 0.1f * (i / network.ImageLength));
        return pictures;
    }

    // Patches after each block, [depth][batch].
    static int[][] Counts(VisionTransformer network, float[] pictures, TokenPlan plan)
    {
        int batch = pictures.Length / network.ImageLength;
        var watch = new Counter();
        network.Run(pictures, batch, new float[batch * network.Classes], plan, watch);
        return [.. watch.Counts];
    }

    static int[] Plain(in TokenView view, double threshold, double prune, int most)
    {
        int prefix = view.Prefix;
        double[][] metric = PlainToMe.Metric(view);
        int[] destinations = [.. Enumerable.Range(prefix, view.Patches).Where(i => i % 2 == 1)];
        int merge = threshold >= 1 ? 0 : Enumerable.Range(prefix, view.Patches).Count(i => i % 2 == 0 && destinations.Max(b => PlainToMe.Dot(metric[i], metric[b])) > threshold);
        merge = Math.Min(merge, most);
        int[] group = threshold >= 1 ? [.. Enumerable.Range(0, view.Count)] : PlainToMe.Group(view, merge);
        var importance = new double[group.Max() + 1];
        for (int i = 0; i < view.Count; i++)
        {
            double received = 0;
            for (int h = 0; h < view.Heads; h++)
                for (int q = 0; q < view.Count; q++)
                    received += view.Attention(h).Row(q)[i] / view.Heads / view.Count;
            importance[group[i]] = Math.Max(importance[group[i]], i < prefix ? double.PositiveInfinity : received);
        }

        // At most as many as are asked for, and one token stays.
        int[] pruned = [.. Enumerable.Range(0, importance.Length).Where(g => importance[g] <= prune).OrderBy(g => importance[g])
            .Take(Math.Min(most - merge, importance.Length - Math.Max(1, prefix)))];
        int[] kept = [.. Enumerable.Range(0, importance.Length).Except(pruned)];
        return [.. group.Select(g => Array.IndexOf(kept, g))];
    }

    sealed class Counter : RunObserver
    {
        public List<int[]> Counts { get; } = [];

        public override void OnBlock(int block, TokenRows tokens) =>
            Counts.Add([.. Enumerable.Range(0, tokens.Sequences).Select(s => tokens.SizesOf(s).Length)]);
    }
}
