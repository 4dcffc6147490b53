using Secateur.Models.Checkpoints;

namespace Secateur.Tests.Checkpoints;

public sealed class VitWeightsTests
{
    public static TheoryData<string> Names
    {
        get
        {
            using var file = SafetensorsFile.Open(Fixtures.Path("timm/deit-distilled/model.safetensors"));
            return [.. file.Tensors.Keys.Where(name => !name.StartsWith("blocks.1.") && !name.StartsWith("blocks.2."))];
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_misshapen_weight_is_named_with_both_shapes(string name)
    {
        using ForeignCheckpoint foreign = new ForeignCheckpoint("deit-distilled").Rename(other => other == name ? null : other);
        int[] shape = [.. foreign.Timm.Tensors[name].Shape];
        // The first dimension of most; the leading 1 of tokens; the height of a patch.
        int[] wrong = [.. shape];
        wrong[name == "patch_embed.proj.weight" ? 2 : 0]++;
        foreign.Add(name, wrong).Json("config.json", File.ReadAllText(Fixtures.Path("timm/deit-distilled/config.json")));
        string message = Assert.Throws<CheckpointException>(() => foreign.Open()).Message;
        Assert.Contains("model.safetensors", message);
        if (name != "head.weight")
            Assert.Contains($"'{name}'", message);
        Assert.Contains("expected", message);
        Assert.Matches(@"shape \[[0-9, ]+\]", message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_weight_is_named_unless_the_network_is_whole_without_it(string name)
    {
        using ForeignCheckpoint foreign = new ForeignCheckpoint("deit-distilled").Rename(other => other == name ? null : other)
            .Json("config.json", File.ReadAllText(Fixtures.Path("timm/deit-distilled/config.json")));
        // Biases of products are optional everywhere, and so is the second head; without its token, that head has nothing to look at.
        bool optional = (name.EndsWith(".bias") && !name.Contains("norm")) || name == "head_dist.weight";
        if (optional && name != "head_dist.weight")
        {
            foreign.Open().Dispose();
            return;
        }

        string message = Assert.Throws<CheckpointException>(() => foreign.Open()).Message;
        Assert.Contains("model.safetensors", message);
        Assert.Contains("'", message);
    }

    [Theory]
    [InlineData("blocks.0.attn.q_norm.weight")]
    [InlineData("blocks.9.norm1.weight")]
    [InlineData("something")]
    [InlineData("blocks.99999999999.norm1.weight")]
    public void A_weight_too_many_is_named(string name)
    {
        using ForeignCheckpoint foreign = new ForeignCheckpoint("deit3").Rename(other => other).Add(name, [48])
            .Json("config.json", File.ReadAllText(Fixtures.Path("timm/deit3/config.json")));
        Assert.Contains(name.Contains('9') && !name.Contains("99") ? "'blocks.4.norm1.weight' is missing" : $"'{name}'", Assert.Throws<CheckpointException>(() => foreign.Open()).Message);
    }

    [Theory]
    [InlineData("\"num_heads\": 5", "num_heads")]
    [InlineData("\"num_heads\": 0", "num_heads")]
    [InlineData("\"num_heads\": 3, \"act_layer\": \"relu\"", "act_layer")]
    [InlineData("\"num_heads\": 3, \"norm_layer\": \"rmsnorm\"", "norm_layer")]
    [InlineData("\"num_heads\": 3, \"global_pool\": \"map\"", "global_pool")]
    [InlineData("\"num_heads\": 3, \"img_size\": [1, 2, 3, 4]", "img_size")]
    public void A_configuration_that_cannot_be_is_refused_by_its_key(string arguments, string key)
    {
        using ForeignCheckpoint foreign = new ForeignCheckpoint("deit3").Rename(other => other).Json("config.json", $$"""{"architecture": "deit3", "model_args": { {{arguments}} } }""");
        string message = Assert.Throws<CheckpointException>(() => foreign.Open()).Message;
        Assert.Contains("config.json", message);
        Assert.Contains($"'{key}'", message);
    }
}
