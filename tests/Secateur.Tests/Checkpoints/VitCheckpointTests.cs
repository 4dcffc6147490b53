using System.Text.Json;
using Secateur.Compression.Structured;
using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Checkpoints;

public sealed class VitCheckpointTests
{
    public static TheoryData<string> Families => TimmFamiliesTests.Families();

    [Theory]
    [MemberData(nameof(Families))]
    public void What_is_saved_opens_again_as_the_same_network(string family)
    {
        using var folder = new TemporaryFolder();
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path($"timm/{family}"));
        VitCheckpoint.Save(folder["saved"], network);
        using VitCheckpoint saved = VitCheckpoint.Open(folder["saved"]), first = VitCheckpoint.Open(Fixtures.Path($"timm/{family}"));
        Assert.Equal(first.Config with { Labels = [] }, saved.Config with { Labels = [] });
        Assert.Equal(first.Weights.Tensors.Keys.Order(StringComparer.Ordinal), saved.Weights.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach (string name in first.Weights.Tensors.Keys)
        {
            Assert.Equal(first.Weights.Tensors[name].Shape.ToArray(), saved.Weights.Tensors[name].Shape.ToArray());
            Assert.Equal(first.Weights.Read(name), saved.Weights.Read(name));
        }
    }

    [Fact]
    public void A_saved_configuration_is_one_that_timm_builds()
    {
        using var folder = new TemporaryFolder();
        VitCheckpoint.Save(folder.Path, VisionTransformer.Load(Fixtures.Path("timm/clip-tower")));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["config.json"]));
        JsonElement arguments = json.RootElement.GetProperty("model_args");
        Assert.Equal("vit_base_patch16_clip_224", json.RootElement.GetProperty("architecture").GetString());
        Assert.Equal((3, 48, 4, 8, 56), (Number("num_heads"), Number("embed_dim"), Number("depth"), Number("patch_size"), Number("img_size")));
        Assert.Equal(4, arguments.GetProperty("mlp_ratio").GetDouble());
        Assert.True(arguments.GetProperty("pre_norm").GetBoolean());
        Assert.Equal("quick_gelu", arguments.GetProperty("act_layer").GetString());

        int Number(string name) => arguments.GetProperty(name).GetInt32();
    }

    [Fact]
    public void Blocks_of_different_widths_are_saved_and_open_again()
    {
        using var folder = new TemporaryFolder();
        using VitCheckpoint source = VitCheckpoint.Open(Fixtures.Path("timm/augreg-vit"));
        // The second block keeps two of its three heads and 100 of its 192 neurons.
        var weights = source.Weights.Tensors.Values.Select(info =>
        {
            int[] shape = info.Name switch
            {
                "blocks.1.attn.qkv.weight" => [96, 48],
                "blocks.1.attn.qkv.bias" => [96],
                "blocks.1.attn.proj.weight" => [48, 32],
                "blocks.1.mlp.fc1.weight" => [100, 48],
                "blocks.1.mlp.fc1.bias" => [100],
                "blocks.1.mlp.fc2.weight" => [48, 100],
                _ => [.. info.Shape],
            };
            Action<Span<float>> read = to => source.Weights.Read(info.Name).AsSpan(0, to.Length).CopyTo(to);
            return (info.Name, System.Collections.Immutable.ImmutableArray.Create(shape), read);
        });
        VitCheckpoint.Save(folder.Path, source.Config, weights, TensorType.F16);
        VisionTransformer network = VisionTransformer.Load(folder.Path);
        Assert.Equal([3, 2, 3, 3], network.Blocks.Select(block => block.Heads));
        Assert.Equal([192, 100, 192, 192], network.Blocks.Select(block => block.Neurons));
        Assert.Contains("secateur_vision_transformer", File.ReadAllText(folder["config.json"]));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Blocks_without_heads_and_neurons_run_saved_as_in_memory(string family)
    {
        using var folder = new TemporaryFolder();
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path($"timm/{family}"));
        StructurePlan plan = StructurePlan.Whole(network);
        plan = plan with { Layers = plan.Layers.SetItem(0, plan.Layers[0] with { Heads = [], Neurons = [] }).SetItem(1, plan.Layers[1] with { Heads = [1], Neurons = [0, 2, 7] }) };
        var pruned = (VisionTransformer)Surgeon.Apply(network, plan);
        pruned.Save(folder.Path);
        VisionTransformer saved = VisionTransformer.Load(folder.Path);
        Assert.Equal(pruned.Blocks.ToArray(), saved.Blocks.ToArray());
        Assert.Equal((0, 0, 1, 3), (saved.Blocks[0].Heads, saved.Blocks[0].Neurons, saved.Blocks[1].Heads, saved.Blocks[1].Neurons));
        Assert.Equal(WeightsHash.Of(pruned), WeightsHash.Of(saved));
        var images = new float[network.ImageLength];
        var random = new Random(3);
        foreach (ref float value in images.AsSpan())
            value = (float)random.NextDouble() - 0.5f;
        Assert.Equal(pruned.Run(images, 1), saved.Run(images, 1));
    }

    [Fact]
    public void Half_precision_weights_give_nearly_the_same_logits()
    {
        using var folder = new TemporaryFolder();
        using var expected = SafetensorsFile.Open(Fixtures.Path("timm/deit3/expected.safetensors"));
        foreach ((TensorType type, double tolerance) in new[] { (TensorType.F16, 5e-3), (TensorType.BF16, 4e-2), (TensorType.F64, 2e-5) })
        {
            VitCheckpoint.Save(folder.Path, VisionTransformer.Load(Fixtures.Path("timm/deit3")), type);
            // Weights of 11 and of 8 significant bits.
            Assert.InRange(TinyNetworks.Difference(expected.Read("logits"), VisionTransformer.Load(folder.Path).Run(expected.Read("input"), 2)), 0, tolerance);
        }
    }

    [Fact]
    public void Shards_are_one_checkpoint()
    {
        using var folder = new TemporaryFolder();
        Shard(folder);
        File.Copy(Fixtures.Path("timm/augreg-vit/config.json"), folder["config.json"]);
        using var expected = SafetensorsFile.Open(Fixtures.Path("timm/augreg-vit/expected.safetensors"));
        foreach (string path in new[] { folder.Path, folder["model.safetensors.index.json"] })
            Assert.InRange(TinyNetworks.Difference(expected.Read("logits"), VisionTransformer.Load(path).Run(expected.Read("input"), 2)), 0, 2e-5);
    }

    [Theory]
    [InlineData("../b.safetensors")]
    [InlineData("/etc/b.safetensors")]
    [InlineData("sub/b.safetensors")]
    [InlineData("..\\\\b.safetensors")]
    [InlineData(".safetensors")]
    [InlineData("b.bin")]
    [InlineData("missing.safetensors")]
    [InlineData("a.safetensors")]
    public void An_index_leads_nowhere_but_to_its_folder_and_tells_no_lies(string file)
    {
        using var folder = new TemporaryFolder();
        Shard(folder);
        string index = File.ReadAllText(folder["model.safetensors.index.json"]);
        File.WriteAllText(folder["model.safetensors.index.json"], index.Replace("b.safetensors", file));
        Assert.Throws<CheckpointException>(() => VitCheckpoint.Open(folder.Path));
    }

    [Fact]
    public void What_is_no_checkpoint_is_named()
    {
        using var folder = new TemporaryFolder();
        Says(folder.Path, "no model.safetensors");
        File.WriteAllText(folder["pytorch_model.bin"], "");
        Says(folder.Path, "pickled");
        Says(folder["pytorch_model.bin"], "no safetensors file");
        Says(folder["nothing"], "no such file or folder");
        SafetensorsWriter.Write(folder["a.safetensors"], [OutputTensor.Of("bert.embeddings.word_embeddings.weight", [2], new float[2])]);
        Says(folder.Path, "'bert.embeddings.word_embeddings.weight'");
        SafetensorsWriter.Write(folder["b.safetensors"], []);
        Says(folder.Path, "several");
        Says(folder["b.safetensors"], "none");

        static void Says(string path, string words) => Assert.Contains(words, Assert.Throws<CheckpointException>(() => VitCheckpoint.Open(path)).Message);
    }

    static void Shard(TemporaryFolder folder)
    {
        using var source = SafetensorsFile.Open(Fixtures.Path("timm/augreg-vit/model.safetensors"));
        string[] names = [.. source.Tensors.Keys];
        var index = new System.Text.Json.Nodes.JsonObject();
        foreach ((string file, int from, int to) in new[] { ("a.safetensors", 0, 20), ("b.safetensors", 20, names.Length) })
        {
            SafetensorsWriter.Write(folder[file], names[from..to].Select(name => OutputTensor.Of(name, source.Tensors[name].Shape, source.Read(name))));
            foreach (string name in names[from..to])
                index[name] = file;
        }

        File.WriteAllText(folder["model.safetensors.index.json"], new System.Text.Json.Nodes.JsonObject { ["metadata"] = new System.Text.Json.Nodes.JsonObject(), ["weight_map"] = index }.ToJsonString());
    }
}
