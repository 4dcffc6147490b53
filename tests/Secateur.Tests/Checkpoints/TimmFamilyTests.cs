using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;

namespace Secateur.Tests.Checkpoints;

public sealed class TimmFamilyTests
{
    [Fact]
    public void The_configuration_says_what_the_weights_cannot()
    {
        using var clip = VitCheckpoint.Open(Fixtures.Path("timm/clip-tower"));
        Assert.Equal("timm", clip.Layout);
        Assert.Equal((1e-5f, Activation.GeluQuick, 16, (56, 56)), (clip.Config.Epsilon, clip.Config.Activation, clip.Config.HeadDim, clip.Config.ImageSize));
        Assert.Equal((0.9, "bicubic", (0.5f, 0.5f, 0.5f)), (clip.Config.Preprocessing.CropFraction, clip.Config.Preprocessing.Interpolation, clip.Config.Preprocessing.Mean));
        using var giant = VitCheckpoint.Open(Fixtures.Path("timm/dinov2-giant-swiglu"));
        Assert.True(giant.Config.SwiGlu);
        using var mae = VitCheckpoint.Open(Fixtures.Path("timm/mae-avg-pool"));
        Assert.Equal(VitPooling.Average, mae.Config.Pooling);
    }

    [Fact]
    public void The_bundled_network_opens_with_its_labels()
    {
        using var bundled = VitCheckpoint.Open(Path.Combine(Architecture.Repository.Root, "models", "scenes-vit"));
        Assert.Equal(12, bundled.Config.Labels.Length);
        Assert.Contains("heart", bundled.Config.Labels);
        Assert.Equal((32, (112, 112)), (bundled.Config.HeadDim, bundled.Config.ImageSize));
    }

    [SkippableFact]
    public void A_real_network_without_model_arguments_opens()
    {
        using var real = VitCheckpoint.Open(RealData.Path("deit_tiny_patch16_224"));
        Assert.Equal((64, 0.9, 1e-6f), (real.Config.HeadDim, real.Config.Preprocessing.CropFraction, real.Config.Epsilon));
    }

    [Fact]
    public void Bare_weights_are_recognised_by_names_and_shapes()
    {
        using var folder = new TemporaryFolder();
        float[] some = new float[3 * 128 * 128];
        Dictionary<string, int[]> shapes = new()
        {
            ["cls_token"] = [1, 1, 128],
            ["pos_embed"] = [1, 10, 128],
            ["patch_embed.proj.weight"] = [128, 3, 8, 8],
            ["blocks.0.norm1.weight"] = [128],
            ["blocks.0.norm1.bias"] = [128],
            ["blocks.0.attn.qkv.weight"] = [384, 128],
            ["blocks.0.attn.proj.weight"] = [128, 128],
            ["blocks.0.norm2.weight"] = [128],
            ["blocks.0.norm2.bias"] = [128],
            ["blocks.0.mlp.fc1.weight"] = [256, 128],
            ["blocks.0.mlp.fc2.weight"] = [128, 256],
        };
        Write("vit_some.safetensors", "");
        using (var bare = VitCheckpoint.Open(folder["vit_some.safetensors"]))
        {
            Assert.Equal((64, (24, 24), 1e-6f, Activation.Gelu), (bare.Config.HeadDim, bare.Config.ImageSize, bare.Config.Epsilon, bare.Config.Activation));
            Assert.Equal("vit_some", bare.Config.Architecture);
        }

        // Wrapped as PyTorch's DistributedDataParallel and torch.compile leave them.
        Write("wrapped.safetensors", "module._orig_mod.");
        VitCheckpoint.Open(folder["wrapped.safetensors"]).Dispose();

        shapes["norm_pre.weight"] = shapes["norm_pre.bias"] = [128];
        Write("vit_some.safetensors", "");
        Assert.Contains("quick", Assert.Throws<CheckpointException>(() => VitCheckpoint.Open(folder["vit_some.safetensors"])).Message);
        Write("vit_base_patch16_clip_quickgelu_224.openai.safetensors", "");
        using (var clip = VitCheckpoint.Open(folder["vit_base_patch16_clip_quickgelu_224.openai.safetensors"]))
            Assert.Equal((1e-5f, Activation.GeluQuick), (clip.Config.Epsilon, clip.Config.Activation));

        void Write(string file, string prefix) => SafetensorsWriter.Write(
            folder[file], shapes.Select(s => OutputTensor.Of(prefix + s.Key, s.Value, some.AsMemory(0, s.Value.Aggregate((a, b) => a * b)))));
    }
}
