using Secateur.Cli;
using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Checkpoints;

public sealed class WeightsHashTests
{
    [Fact]
    public void The_hash_is_the_same_on_every_register_width()
    {
        string[] hashes = [.. KernelSet.Supported.Select(kernels => WeightsHash.Of(TinyNetworks.Load("tiny-vit", kernels))).Distinct()];
        Assert.Single(hashes);
        Assert.Equal(64, hashes[0].Length);
    }

    [Fact]
    public void Other_weights_have_another_hash() =>
        Assert.Equal(TinyNetworks.All.Length, TinyNetworks.All.Select(name => WeightsHash.Of(TinyNetworks.Load(name))).Distinct().Count());

    [Fact]
    public void A_network_that_was_saved_again_has_the_same_hash()
    {
        using var folder = new TemporaryFolder();
        VisionTransformer network = VisionTransformer.Load(Network.Locate("scenes-vit"));
        VitCheckpoint.Save(folder.Path, network);
        Assert.Equal(WeightsHash.Of(network), WeightsHash.Of(VisionTransformer.Load(folder.Path)));
    }
}
