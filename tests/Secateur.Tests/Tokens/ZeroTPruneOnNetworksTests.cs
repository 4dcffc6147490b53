using Secateur.Compression.Tokens;
using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Tokens;

/// <summary>Whole plans on whole networks: with a class token, with a distillation token, with registers.</summary>
public sealed class ZeroTPruneOnNetworksTests
{
    public static TheoryData<string, string> NetworksAndPlans
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string network in TinyNetworks.All)
                foreach (TokenMethod method in TokenMethods.All)
                    data.Add(network, method.Name);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(NetworksAndPlans))]
    public void An_answer_depends_neither_on_the_batch_nor_on_the_threads_and_costs_what_was_counted(string name, string method)
    {
        using SafetensorsFile expected = TinyNetworks.Expected(name);
        float[] input = expected.Read("input");
        int batch = expected.Tensors["input"].Shape[0], each = input.Length / batch;
        VisionTransformer alone = TinyNetworks.Load(name, threads: Threads.Inline);
        TokenPlan plan = TokenMethods.Get(method).DefaultPlan(alone.Depth, alone.PatchTokens);
        float[] together = new float[batch * alone.Classes];
        var counter = new MacCounter(alone, plan);
        alone.Run(input, batch, together, plan, counter);
        (long blocks, long total, long selection) = MacCounter.Count(alone, plan);
        long dense = MacCounter.Count(alone, TokenPlan.Dense).Blocks;
        Assert.True(blocks < dense);
        if (plan.Adaptive)
            Assert.InRange(counter.Blocks, batch * blocks, batch * dense); // what was counted is the least there can be
        else
            Assert.Equal(new MacCount(batch * blocks, batch * total, batch * selection), new(counter.Blocks, counter.Total, counter.Selection));
        if (counter.Blocks < batch * dense)
            Assert.NotEqual(alone.Run(input, batch), together);

        using var pool = new Threads(3);
        VisionTransformer parallel = TinyNetworks.Load(name, threads: pool);
        Assert.Equal(together, parallel.Run(input, batch, plan));
        for (int i = 0; i < batch; i++)
            Assert.Equal(
                together.AsSpan(i * alone.Classes, alone.Classes).ToArray(),
                parallel.Run(input.AsSpan(i * each, each), 1, plan));
    }
}
