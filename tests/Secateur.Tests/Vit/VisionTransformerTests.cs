using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Tests.Vit;

public sealed class VisionTransformerTests
{
    // Float32 sums in another order over six blocks, relative to the largest value; the reference differs from float64 by as much.
    const double Tolerance = 2e-5;

    public static TheoryData<string, string> NetworksAndWidths()
    {
        var data = new TheoryData<string, string>();
        foreach (string network in TinyNetworks.All)
            foreach (KernelSet kernels in KernelSet.Supported)
                data.Add(network, kernels.Name);
        return data;
    }

    public static TheoryData<string> Networks() => [.. TinyNetworks.All];

    [Theory]
    [MemberData(nameof(NetworksAndWidths))]
    public void Every_block_and_the_logits_are_the_reference_s(string name, string kernels)
    {
        VisionTransformer network = TinyNetworks.Load(name, KernelSet.Get(kernels));
        using SafetensorsFile expected = TinyNetworks.Expected(name);
        float[] input = expected.Read("input");
        int batch = expected.Tensors["input"].Shape[0];
        var trace = new Trace();
        var logits = new float[batch * network.Classes];
        network.Run(input, batch, logits, observer: trace);

        int compared = 0;
        foreach ((string tensor, float[] tokens) in trace.Tokens)
            if (expected.Tensors.ContainsKey(tensor))
            {
                Assert.True(TinyNetworks.Difference(expected.Read(tensor), tokens) < Tolerance, $"{name}: {tensor} differs by {TinyNetworks.Difference(expected.Read(tensor), tokens):g3}");
                compared++;
            }

        Assert.True(compared >= network.Depth, $"only {compared} tensors were compared");
        Assert.True(TinyNetworks.Difference(expected.Read("dense.logits"), logits) < Tolerance, $"{name}: logits differ by {TinyNetworks.Difference(expected.Read("dense.logits"), logits):g3}");
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void The_bits_do_not_depend_on_threads_or_batch_mates(string name)
    {
        using SafetensorsFile expected = TinyNetworks.Expected(name);
        float[] input = expected.Read("input");
        int batch = expected.Tensors["input"].Shape[0];
        float[]? first = null;
        for (int count = 1; count <= 4; count++)
        {
            using var threads = new Threads(count);
            VisionTransformer network = TinyNetworks.Load(name, threads: threads);
            float[] together = network.Run(input, batch);
            Assert.Equal(first ??= together, together);
            for (int i = 0; i < batch; i++)
                Assert.Equal(together[(i * network.Classes)..((i + 1) * network.Classes)], network.Run(input.AsSpan(i * network.ImageLength, network.ImageLength), 1));
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void The_bits_do_not_depend_on_the_plan_or_batch_before(string name)
    {
        VisionTransformer network = TinyNetworks.Load(name);
        using SafetensorsFile expected = TinyNetworks.Expected(name);
        float[] input = expected.Read("input");
        ReadOnlySpan<float> one = input.AsSpan(0, network.ImageLength);
        float[] fresh = network.Run(one, 1);
        network.Run(input, expected.Tensors["input"].Shape[0], DropLast(network, 9));
        Assert.Equal(fresh, network.Run(one, 1));
        Assert.Equal(fresh, network.Run(one, 1, new TokenPlan("nothing", [new(1, TokenPosition.AfterBlock, new LastTokens()) { Remove = 0 }])));
    }

    [Fact]
    public void A_dense_run_allocates_nothing_after_the_first()
    {
        using var threads = new Threads(2);
        VisionTransformer network = TinyNetworks.Load("tiny-vit", threads: threads);
        var input = new float[network.ImageLength];
        var logits = new float[network.Classes];
        for (int i = 0; i < 50; i++)
            network.Run(input, 1, logits);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
            network.Run(input, 1, logits);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Many_threads_share_one_network()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        using SafetensorsFile expected = TinyNetworks.Expected("tiny-vit");
        float[] input = expected.Read("input");
        float[] dense = network.Run(input, 2), pruned = network.Run(input, 2, DropLast(network, 5));
        Task[] callers = [.. Enumerable.Range(0, 4).Select(caller => Task.Run(() =>
        {
            for (int i = 0; i < 20; i++)
                Assert.Equal(caller % 2 == 0 ? dense : pruned, network.Run(input, 2, caller % 2 == 0 ? null : DropLast(network, 5)));
        }))];
        await Task.WhenAll(callers);
    }

    [Fact]
    public void Counted_macs_are_the_executed_ones_and_the_papers_formula()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        var input = new float[network.ImageLength];
        foreach (TokenPlan plan in new[] { TokenPlan.Dense, DropLast(network, 7) })
        {
            var counter = new MacCounter(network, plan);
            network.Run(input, 1, new float[network.Classes], plan, counter);
            Assert.Equal(MacCounter.Count(network, plan), new(counter.Blocks, counter.Total, counter.Selection));
        }

        // Four projections, two products of tokens with tokens, an MLP of ratio 4.
        long n = 65, c = 64;
        Assert.Equal(6 * ((12 * n * c * c) + (2 * n * n * c)), MacCounter.Count(network, TokenPlan.Dense).Blocks);
    }

    [Fact]
    public void Dropped_tokens_are_as_if_they_had_never_been()
    {
        // Dropping right before the first block leaves exactly the other tokens' rows.
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        using SafetensorsFile expected = TinyNetworks.Expected("tiny-vit");
        var trace = new Trace();
        network.Run(expected.Read("input"), 2, new float[2 * network.Classes], new TokenPlan("drop", [new(0, TokenPosition.BeforeBlock, new LastTokens()) { Remove = 4 }]), trace);
        Assert.Equal([61, 61], trace.Counts["block0"]);
    }

    [Fact]
    public void A_wrong_length_is_refused()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        Assert.Throws<ArgumentException>(() => network.Run(new float[5], 1));
        Assert.Throws<ArgumentException>(() => network.Run(new float[network.ImageLength], 1, new TokenPlan("far", [new(99, TokenPosition.AfterBlock, new LastTokens()) { Remove = 1 }])));
    }

    static TokenPlan DropLast(VisionTransformer network, int remove) =>
        new("drop", [new(1, TokenPosition.AfterAttention, new LastTokens()) { Remove = remove }, new(network.Depth - 2, TokenPosition.AfterBlock, new LastTokens()) { Remove = remove }]);

    sealed class LastTokens : ITokenReducer
    {
        public TokenSignals Needs => TokenSignals.None;

        public TokenMap Reduce(in TokenView view, int remove) => TokenMap.Keep(view.Count, [.. Enumerable.Range(0, view.Count - remove)]);
    }

    sealed class Trace : RunObserver
    {
        public List<(string, float[])> Tokens { get; } = [];

        public Dictionary<string, int[]> Counts { get; } = [];

        public override void OnEmbedding(TokenRows tokens) => Add("dense.tokens_after_embedding", tokens);

        public override void OnBlock(int block, TokenRows tokens)
        {
            Add($"dense.block{block}.tokens", tokens);
            Counts[$"block{block}"] = [.. Enumerable.Range(0, tokens.Sequences).Select(s => tokens.Sequence(s).Rows)];
        }

        void Add(string name, TokenRows tokens) =>
            Tokens.Add((name, [.. Enumerable.Range(0, tokens.Count).SelectMany(i => tokens.Rows.Row(i).ToArray())]));
    }
}
