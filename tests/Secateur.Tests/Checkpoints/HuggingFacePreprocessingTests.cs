using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;

namespace Secateur.Tests.Checkpoints;

public sealed class HuggingFacePreprocessingTests
{
    [Fact]
    public void A_vit_processor_resizes_both_sides()
    {
        ImagePreprocessing read = Read("""{"do_normalize": true, "do_resize": true, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "resample": 2, "size": {"height": 56, "width": 48}}""");
        Assert.Equal((56, 48), read.Size);
        Assert.Equal((56, 48), read.ResizeTo);
        Assert.Equal(("bilinear", "down"), (read.Interpolation, read.CropRounding));
        Assert.Equal((0.5f, 0.5f, 0.5f), read.Deviation);
        Assert.Equal((56, 56), Read("""{"feature_extractor_type": "ViTFeatureExtractor", "size": 56}""").ResizeTo);
    }

    [Fact]
    public void A_shortest_edge_keeps_the_shape_and_a_crop_follows()
    {
        ImagePreprocessing read = Read("""{"do_center_crop": true, "crop_size": {"height": 48, "width": 40}, "size": {"shortest_edge": 64}, "resample": 3}""");
        Assert.Equal(((48, 40), 64, "bicubic"), (read.Size, read.ShortSide, read.Interpolation));
        Assert.Null(read.ResizeTo);
        ImagePreprocessing clip = Read("""{"feature_extractor_type": "CLIPFeatureExtractor", "do_center_crop": true, "crop_size": 48, "size": 64}""");
        Assert.Equal(((48, 48), 64), (clip.Size, clip.ShortSide));
        ImagePreprocessing deit = Read("""{"feature_extractor_type": "DeiTFeatureExtractor", "do_center_crop": true, "crop_size": 56, "size": 64}""");
        Assert.Equal((64, 64), deit.ResizeTo);
        Assert.Equal((56, 56), deit.Size);
    }

    [Fact]
    public void Scaling_and_normalising_come_out_as_one_mean_and_deviation()
    {
        ImagePreprocessing raw = Read("""{"do_rescale": false, "do_normalize": true, "image_mean": [127.5, 127.5, 127.5], "image_std": [127.5, 127.5, 127.5], "size": 56}""");
        Assert.Equal(0.5f, raw.Mean.Red, 1e-6f);
        Assert.Equal(0.5f, raw.Deviation.Blue, 1e-6f);
        ImagePreprocessing plain = Read("""{"do_normalize": false, "size": 56, "rescale_factor": 0.00392156862745098}""");
        Assert.Equal((0f, 1f), (plain.Mean.Green, plain.Deviation.Green));
    }

    [Fact]
    public void Without_a_file_the_family_s_own_rules_hold()
    {
        ImagePreprocessing read = Read(null);
        Assert.Equal(((56, 56), "bilinear", 0.5f), (read.Size, read.Interpolation, read.Mean.Red));
    }

    [Theory]
    [InlineData("""{"size": {"height": 56}}""", "shortest_edge")]
    [InlineData("""{"size": -1}""", "-1")]
    [InlineData("""{"size": 99999999}""", "99999999")]
    [InlineData("""{"size": 56, "resample": 9}""", "resample")]
    [InlineData("""{"size": 56, "image_std": [0, 1, 1]}""", "image_std")]
    [InlineData("""{"size": 56, "image_mean": [1e400, 1, 1]}""", "image_mean")]
    [InlineData("""{"size": 56, "size": 56}""", "JSON")]
    [InlineData("""[]""", "JSON object")]
    public void A_wrong_value_is_named(string json, string says)
    {
        string message = Assert.Throws<CheckpointException>(() => Read(json)).Message;
        Assert.Contains("preprocessor_config.json", message);
        Assert.Contains(says, message);
    }

    static ImagePreprocessing Read(string? json)
    {
        using ForeignCheckpoint foreign = new ForeignCheckpoint("augreg-vit").Rename(name => ForeignCheckpoint.Block(name) is var (block, rest)
            ? rest.StartsWith("attn.qkv") ? string.Join('|', new[] { "query", "key", "value" }.Select(part => $"encoder.layer.{block}.attention.attention.{rest.Replace("attn.qkv", part)}"))
                : $"encoder.layer.{block}." + rest.Replace("norm1", "layernorm_before").Replace("norm2", "layernorm_after").Replace("attn.proj", "attention.output.dense")
                    .Replace("mlp.fc1", "intermediate.dense").Replace("mlp.fc2", "output.dense")
            : name.StartsWith("head.") ? name.Replace("head", "classifier")
            : name.Replace("cls_token", "embeddings.cls_token").Replace("pos_embed", "embeddings.position_embeddings").Replace("patch_embed.proj", "embeddings.patch_embeddings.projection")
                .Replace("norm.", "layernorm."));
        foreign.Json("config.json", """{"model_type": "vit", "num_attention_heads": 3}""");
        if (json is not null)
            foreign.Json("preprocessor_config.json", json);
        using VitCheckpoint checkpoint = foreign.Open();
        return checkpoint.Config.Preprocessing;
    }
}
