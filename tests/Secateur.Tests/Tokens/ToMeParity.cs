using Secateur.Compression.Tokens;
using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Tokens;

/// <summary>ToMe against its released code, over whole networks with a class token and with a distillation token.</summary>
public sealed class ToMeParity
{
    // Float32 sums in another order over six blocks, relative to the largest value.
    const double Tolerance = 1e-4;

    static readonly ToMeOptions Plain = new() { ProportionalAttention = false };

    public static TheoryData<string, string, int[], bool> Cases
    {
        get
        {
            var data = new TheoryData<string, string, int[], bool>();
            foreach (string name in new[] { "tiny-vit", "tiny-deit-distilled", "odd-vit" })
            {
                data.Add(name, "tome.r6", ToMe.Schedule(6, 6), true);
                data.Add(name, "tome.decreasing", ToMe.Schedule(6, [12, 8, 6, 4, 2]), true);
                data.Add(name, "tome.r6.not-proportional", ToMe.Schedule(6, 6), false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_token_every_size_every_source_and_the_logits_are_the_reference_s(string name, string prefix, int[] schedule, bool proportional)
    {
        VisionTransformer network = TinyNetworks.Load(name, threads: Threads.Inline);
        using SafetensorsFile expected = TinyNetworks.Expected(name);
        int batch = expected.Tensors["input"].Shape[0], tokens = network.PrefixTokens + network.PatchTokens;
        var trace = new Trace(batch, tokens);
        var logits = new float[batch * network.Classes];
        network.Run(expected.Read("input"), batch, logits, ToMe.Plan("parity", schedule, proportional ? null : Plain), trace);

        for (int block = 0; block < network.Depth; block++)
        {
            double difference = TinyNetworks.Difference(expected.Read($"{prefix}.block{block}.tokens"), trace.Tokens[block]);
            Assert.True(difference < Tolerance, $"{prefix}.block{block}.tokens differs by {difference:g3}");
            Assert.Equal(expected.Read($"{prefix}.block{block}.sizes"), trace.Sizes[block]);
        }

        var sources = new long[batch * tokens];
        expected.ReadInt64($"{prefix}.source_of_each_input_token", sources);
        Assert.Equal(sources, trace.Sources.SelectMany(map => map.Group.ToArray().Select(g => (long)g)));
        Assert.True(TinyNetworks.Difference(expected.Read($"{prefix}.logits"), logits) < Tolerance);
    }

    sealed class Trace(int batch, int tokens) : RunObserver
    {
        public List<float[]> Tokens { get; } = [];

        public List<float[]> Sizes { get; } = [];

        public TokenMap[] Sources { get; } = [.. Enumerable.Repeat(TokenMap.Identity(tokens), batch)];

        public override void OnBlock(int block, TokenRows tokens)
        {
            Tokens.Add([.. Enumerable.Range(0, tokens.Count).SelectMany(i => tokens.Rows.Row(i).ToArray())]);
            Sizes.Add(tokens.Sizes.ToArray());
        }

        public override void OnMap(int stage, int sequence, TokenMap map) => Sources[sequence] = Sources[sequence].Then(map);
    }
}
