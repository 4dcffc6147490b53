using Secateur.Compression.Structured;
using Secateur.Models;
using Secateur.Models.Vit;

namespace Secateur.Tests.Structured;

/// <summary>What taking units out of weights does.</summary>
public sealed class SurgeonTests
{
    [Fact]
    public void Keeping_everything_gives_the_same_logits_bit_for_bit()
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path("timm/augreg-vit"));
        Transformer same = Surgeon.Apply(network, StructurePlan.Whole(network));
        Assert.Equal(network.Run(Images(network), 2), ((VisionTransformer)same).Run(Images(network), 2));
    }

    [Fact]
    public void The_numbers_of_heads_and_neurons_may_differ_from_block_to_block_and_be_zero()
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path("timm/augreg-vit"));
        StructurePlan plan = StructurePlan.Whole(network);
        plan = plan with { Layers = plan.Layers.SetItem(0, plan.Layers[0] with { Heads = [1], Neurons = [0, 3, 4] }).SetItem(1, plan.Layers[1] with { Heads = [], Neurons = [] }) };
        var pruned = (VisionTransformer)Surgeon.Apply(network, plan);
        Assert.Equal((1, 3), (pruned.Blocks[0].Heads, pruned.Blocks[0].Neurons));
        Assert.Equal((0, 0), (pruned.Blocks[1].Heads, pruned.Blocks[1].Neurons));
        Assert.All(pruned.Run(Images(network), 2), logit => Assert.True(float.IsFinite(logit)));
    }

    static float[] Images(VisionTransformer network)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, 2 * network.ImageLength).Select(_ => (float)random.NextDouble() - 0.5f)];
    }
}
