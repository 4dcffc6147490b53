using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Tests.Vit;

public sealed class ReducedRunTests
{
    delegate TokenMap Decision(in TokenView view, int remove);

    [Theory]
    [InlineData("tiny-vit")]
    [InlineData("tiny-deit-distilled")]
    public void Pictures_that_keep_different_numbers_of_tokens_get_the_bits_they_get_alone(string name)
    {
        VisionTransformer network = TinyNetworks.Load(name);
        float[] input = Pictures(network, 3);
        var plan = Plan(new Reducer(TokenSignals.Tokens | TokenSignals.Attention, DropSome), network.Depth, 40);
        var watch = new Watch();
        var together = new float[3 * network.Classes];
        network.Run(input, 3, together, plan, watch);
        Assert.True(watch.Counts.Distinct().Count() > 1, "all pictures kept as many tokens");
        for (int i = 0; i < 3; i++)
            Assert.Equal(together[(i * network.Classes)..((i + 1) * network.Classes)], network.Run(input.AsSpan(i * network.ImageLength, network.ImageLength), 1, plan));
    }

    [Fact]
    public void Merging_conserves_the_sum_of_sizes()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        var watch = new Watch();
        network.Run(Pictures(network, 2), 2, new float[2 * network.Classes], Plan(new Reducer(TokenSignals.None, MergePairs), network.Depth, 20), watch);
        Assert.Equal([25, 25], watch.Counts);
        Assert.Equal([65f, 65f], watch.Sizes);
    }

    [Fact]
    public void Average_pooling_is_the_plain_mean_of_the_patches_when_nothing_is_reduced()
    {
        using SafetensorsFile weights = SafetensorsFile.Open(Fixtures.Path("tiny-vit/model.safetensors"));
        VisionTransformer network = Averaging(weights);
        var watch = new Watch();
        var logits = new float[network.Classes];
        network.Run(Pictures(network, 1), 1, logits, observer: watch);
        float[] head = weights.Read("head.weight"), bias = weights.Read("head.bias"), expected = new float[network.Classes];
        for (int c = 0; c < expected.Length; c++)
        {
            double sum = 0;
            foreach (float[] patch in watch.Features[network.PrefixTokens..])
                for (int k = 0; k < patch.Length; k++)
                    sum += (double)patch[k] * head[(c * patch.Length) + k];
            expected[c] = (float)((sum / network.PatchTokens) + bias[c]);
        }

        // Float32 sums of 64 tokens and 64 columns against sums in float64.
        Assert.True(TinyNetworks.Difference(expected, logits) < 1e-5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_network_that_loses_every_patch_still_answers_with_numbers(bool average)
    {
        using SafetensorsFile weights = SafetensorsFile.Open(Fixtures.Path("tiny-vit/model.safetensors"));
        VisionTransformer network = average ? Averaging(weights) : TinyNetworks.Load("tiny-vit");
        TokenPlan plan = Plan(new Reducer(TokenSignals.None, (in TokenView view, int remove) => TokenMap.Keep(view.Count, [0])), 1, int.MaxValue);
        Assert.All(network.Run(Pictures(network, 2), 2, plan), logit => Assert.True(float.IsFinite(logit)));
    }

    [Fact]
    public void A_method_that_touches_a_prefix_token_is_refused()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        float[] input = Pictures(network, 1);
        foreach (Decision wrong in new Decision[]
            {
                (in TokenView view, int remove) => TokenMap.Keep(view.Count, [1, 2, 3]),
                (in TokenView view, int remove) => TokenMap.Keep(view.Count, [1, 0]),
                (in TokenView view, int remove) => TokenMap.FromGroups([0, 0, .. Enumerable.Range(1, view.Count - 2)], view.Count - 1),
                (in TokenView view, int remove) => TokenMap.Identity(view.Count - 1),
            })
            Assert.Throws<InvalidOperationException>(() => network.Run(input, 1, Plan(new Reducer(TokenSignals.None, wrong), 1, 1)));
    }

    [Fact]
    public void Where_there_is_no_class_token_who_asks_for_its_attention_sees_what_every_token_receives()
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path("timm/no-class-token"));
        var received = new List<float>();
        TokenPlan plan = Plan(new Reducer(TokenSignals.ClassAttention, Listen), 1, 1);
        network.Run(Pictures(network, 1), 1, plan);

        // Every one of the tokens gives 1; float32.
        Assert.Equal(network.PatchTokens, received.Sum(), 1e-3f);

        TokenMap Listen(in TokenView view, int remove)
        {
            received.AddRange(view.Received(0));
            return TokenMap.Identity(view.Count);
        }
    }

    [Fact]
    public void A_negative_batch_is_refused_by_name() =>
        Assert.Throws<ArgumentOutOfRangeException>("batch", () => TinyNetworks.Load("tiny-vit").Run([], -1));

    static VisionTransformer Averaging(SafetensorsFile weights)
    {
        VitConfig config = TinyNetworks.Load("tiny-vit").Config;
        return new(config with { Pooling = VitPooling.Average }, weights);
    }

    static TokenPlan Plan(ITokenReducer reducer, int depth, int remove) =>
        new("test", depth < 3
            ? [new(0, TokenPosition.AfterBlock, reducer) { Remove = remove }]
            : [new(0, TokenPosition.AfterBlock, reducer) { Remove = remove }, new(2, TokenPosition.AfterBlock, reducer) { Remove = remove }]);

    static float[] Pictures(VisionTransformer network, int count)
    {
        var random = new Random(7);
        var input = new float[count * network.ImageLength];
        foreach (ref float value in input.AsSpan())
            value = (float)((random.NextDouble() * 4) - 2);
        return input;
    }

    // How many go is read out of the picture itself.
    static TokenMap DropSome(in TokenView view, int remove)
    {
        uint bits = BitConverter.SingleToUInt32Bits(view.Token(view.Prefix)[0] + view.Attention(0).Row(0)[^1]);
        return TokenMap.Keep(view.Count, [.. Enumerable.Range(0, view.Count - (int)(bits % (uint)(remove + 1)))]);
    }

    // The first patches two by two.
    static TokenMap MergePairs(in TokenView view, int remove)
    {
        var group = new int[view.Count];
        for (int i = 0; i < group.Length; i++)
        {
            int patch = i - view.Prefix;
            group[i] = patch < 0 ? i : patch < 2 * remove ? view.Prefix + (patch / 2) : i - remove;
        }

        return TokenMap.FromGroups(group, view.Count - remove);
    }

    sealed class Reducer(TokenSignals needs, Decision decide) : ITokenReducer
    {
        public TokenSignals Needs => needs;

        public bool ProportionalAttention => true;

        public TokenMap Reduce(in TokenView view, int remove) => decide(view, remove);
    }

    sealed class Watch : RunObserver
    {
        public int[] Counts { get; private set; } = [];

        public float[] Sizes { get; private set; } = [];

        public float[][] Features { get; private set; } = [];

        public override bool WantsFeatures => true;

        public override void OnBlock(int block, TokenRows tokens)
        {
            Counts = [.. Enumerable.Range(0, tokens.Sequences).Select(s => tokens.SizesOf(s).Length)];
            Sizes = [.. Enumerable.Range(0, tokens.Sequences).Select(s => tokens.SizesOf(s).ToArray().Sum())];
        }

        public override void OnFeatures(TokenRows tokens) =>
            Features = [.. Enumerable.Range(0, tokens.Count).Select(i => tokens.Rows.Row(i).ToArray())];
    }
}
