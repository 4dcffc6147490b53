using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Checkpoints;

public sealed class ForeignLayoutTests
{
    const string VitConfigJson = """
        {"model_type": "vit", "architectures": ["ViTForImageClassification"], "hidden_size": 48, "num_attention_heads": 3, "hidden_act": "gelu", "layer_norm_eps": 1e-06,
         "image_size": 56, "id2label": {"0": "a", "1": "b", "2": "c", "3": "d", "4": "e", "5": "f", "6": "g", "7": "h", "8": "i"}}
        """;

    [Theory]
    [InlineData("mlp.0", "mlp.3")]
    [InlineData("mlp.linear_1", "mlp.linear_2")]
    public void Torchvision(string first, string second)
    {
        using ForeignCheckpoint foreign = new ForeignCheckpoint("augreg-vit").Rename(name => ForeignCheckpoint.Block(name) is var (block, rest)
            ? $"encoder.layers.encoder_layer_{block}." + rest
                .Replace("norm1", "ln_1").Replace("norm2", "ln_2").Replace("attn.qkv.weight", "self_attention.in_proj_weight").Replace("attn.qkv.bias", "self_attention.in_proj_bias")
                .Replace("attn.proj", "self_attention.out_proj").Replace("mlp.fc1", first).Replace("mlp.fc2", second)
            : name.Replace("cls_token", "class_token").Replace("pos_embed", "encoder.pos_embedding").Replace("patch_embed.proj", "conv_proj")
                .Replace("norm.", "encoder.ln.").Replace("head.", "heads.head."));

        // No configuration: 48 columns are of no convention, so that the number of heads is asked for.
        Assert.Contains("heads", Assert.Throws<CheckpointException>(() => foreign.Open()).Message);
    }

    [Fact]
    public void Torchvision_s_own_logits()
    {
        // Written by torchvision 0.14 on PyTorch 1.13: VisionTransformer(32, 8, 2, 1, 64, 96, num_classes=7) with random weights.
        using var expected = SafetensorsFile.Open(Fixtures.Path("torchvision/expected.safetensors"));
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path("torchvision/vit.safetensors"), new VitOptions { ImageSize = (32, 32) });
        Assert.InRange(TinyNetworks.Difference(expected.Read("logits"), network.Run(expected.Read("input"), 2)), 0, 2e-5);
    }

    [Fact]
    public void Torchvision_needs_no_configuration_at_its_own_widths()
    {
        using var folder = new TemporaryFolder();
        int[] shape(params int[] lengths) => lengths;
        Dictionary<string, int[]> shapes = new()
        {
            ["class_token"] = shape(1, 1, 128),
            ["conv_proj.weight"] = shape(128, 3, 16, 16),
            ["conv_proj.bias"] = shape(128),
            ["encoder.pos_embedding"] = shape(1, 577, 128),
            ["encoder.layers.encoder_layer_0.ln_1.weight"] = shape(128),
            ["encoder.layers.encoder_layer_0.ln_1.bias"] = shape(128),
            ["encoder.layers.encoder_layer_0.self_attention.in_proj_weight"] = shape(384, 128),
            ["encoder.layers.encoder_layer_0.self_attention.in_proj_bias"] = shape(384),
            ["encoder.layers.encoder_layer_0.self_attention.out_proj.weight"] = shape(128, 128),
            ["encoder.layers.encoder_layer_0.self_attention.out_proj.bias"] = shape(128),
            ["encoder.layers.encoder_layer_0.ln_2.weight"] = shape(128),
            ["encoder.layers.encoder_layer_0.ln_2.bias"] = shape(128),
            ["encoder.layers.encoder_layer_0.mlp.linear_1.weight"] = shape(512, 128),
            ["encoder.layers.encoder_layer_0.mlp.linear_1.bias"] = shape(512),
            ["encoder.layers.encoder_layer_0.mlp.linear_2.weight"] = shape(128, 512),
            ["encoder.layers.encoder_layer_0.mlp.linear_2.bias"] = shape(128),
            ["encoder.ln.weight"] = shape(128),
            ["encoder.ln.bias"] = shape(128),
            ["heads.head.weight"] = shape(9, 128),
            ["heads.head.bias"] = shape(9),
        };
        SafetensorsWriter.Write(folder["vit_b_16_swag.safetensors"], shapes.Select(s => OutputTensor.Of(s.Key, s.Value, new float[s.Value.Aggregate((a, b) => a * b)])));
        using var checkpoint = VitCheckpoint.Open(folder.Path);
        Assert.Equal(("torchvision", (384, 384), 64, 1e-6f), (checkpoint.Layout, checkpoint.Config.ImageSize, checkpoint.Config.HeadDim, checkpoint.Config.Epsilon));
        Assert.Equal(("bicubic", 384), (checkpoint.Config.Preprocessing.Interpolation, checkpoint.Config.Preprocessing.ShortSide));
    }

    [Fact]
    public void Hugging_Face_ViT()
    {
        using ForeignCheckpoint foreign = new ForeignCheckpoint("augreg-vit").Rename(name => Vit("vit", name)).Add("vit.pooler.dense.weight", [48, 48]).Json("config.json", VitConfigJson);
        using VitCheckpoint checkpoint = foreign.Open();
        Assert.Equal("Hugging Face ViT", checkpoint.Layout);
        IsTimmAgain(foreign, checkpoint);
        Assert.Equal("i", checkpoint.Config.Labels[8]);
        Assert.False(checkpoint.Config.AntialiasedPositions);
        GivesTimmsLogits(foreign, "augreg-vit");

        foreign.Json("config.json", """{"model_type": "vit", "num_attention_heads": 3}""");
        using VitCheckpoint terse = foreign.Open();
        Assert.Equal((1e-12f, Activation.Gelu, (56, 56)), (terse.Config.Epsilon, terse.Config.Activation, terse.Config.ImageSize));
    }

    [Fact]
    public void Hugging_Face_DeiT_with_two_heads()
    {
        using ForeignCheckpoint foreign = new ForeignCheckpoint("deit-distilled").Rename(name => Vit("deit", name)).Json("config.json", VitConfigJson.Replace("\"vit\"", "\"deit\""));
        using VitCheckpoint checkpoint = foreign.Open();
        IsTimmAgain(foreign, checkpoint);
        GivesTimmsLogits(foreign, "deit-distilled");
        Assert.Equal((64, 64), checkpoint.Config.Preprocessing.ResizeTo);
    }

    [Theory]
    [InlineData("dinov2", false)]
    [InlineData("dinov2-giant-swiglu", true)]
    public void Hugging_Face_DINOv2_bare(string family, bool gated)
    {
        using ForeignCheckpoint foreign = new ForeignCheckpoint(family).Rename(name => name.StartsWith("head.") ? null : Dinov2("", name, gated)).Add("embeddings.mask_token", [1, 48])
            .Json("config.json", """{"model_type": "dinov2", "num_attention_heads": 3, "image_size": 56, "hidden_act": "gelu", "layer_norm_eps": 1e-06}""");
        using VitCheckpoint checkpoint = foreign.Open();
        Assert.Equal(("Hugging Face DINOv2", gated, VitPooling.ClassToken), (checkpoint.Layout, checkpoint.Config.SwiGlu, checkpoint.Config.Pooling));
        IsTimmAgain(foreign, checkpoint, "head.");
        if (!gated)
            GivesTimmsLogits(foreign, family);
    }

    [Fact]
    public void Hugging_Face_DINOv2_with_registers_and_a_classifier_over_two_pools()
    {
        float[] head = [.. Enumerable.Range(0, 5 * 96).Select(i => MathF.Sin(i))];
        using var foreign = new ForeignCheckpoint("dinov2-registers");
        float[] positions = new float[50 * 48];
        foreign.Timm.Read("pos_embed", positions.AsSpan(48));
        foreign.Rename(name => name is "pos_embed" || name.StartsWith("head.") ? null : Dinov2("dinov2_with_registers.", name, gated: false))
            .Add("dinov2_with_registers.embeddings.position_embeddings", [1, 50, 48], positions)
            .Add("classifier.weight", [5, 96], head).Add("classifier.bias", [5])
            .Json("config.json", """{"model_type": "dinov2_with_registers", "num_attention_heads": 3, "num_register_tokens": 4, "image_size": 56}""");
        using VitCheckpoint checkpoint = foreign.Open();
        Assert.Equal(VitPooling.ClassTokenAndAverage, checkpoint.Config.Pooling);
        IsTimmAgain(foreign, checkpoint, "head.", "pos_embed");

        // timm's normed tokens (class, four registers, patches), pooled here.
        using var expected = SafetensorsFile.Open(Fixtures.Path("timm/dinov2-registers/expected.safetensors"));
        float[] features = expected.Read("features"), logits = new float[2 * 5];
        for (int image = 0; image < 2; image++)
        {
            var pooled = new double[96];
            for (int token = 0; token < 54; token++)
                for (int c = 0; c < 48; c++)
                    if (token is 0 or >= 5)
                        pooled[c + (token == 0 ? 0 : 48)] += features[(((image * 54) + token) * 48) + c] / (token == 0 ? 1.0 : 49);
            for (int k = 0; k < 5; k++)
                logits[(image * 5) + k] = (float)Enumerable.Range(0, 96).Sum(c => pooled[c] * head[(k * 96) + c]);
        }

        float[] actual = VisionTransformer.Load(foreign.Path, new VitOptions { ImageSize = (56, 56) }).Run(expected.Read("input"), 2);
        Assert.InRange(TinyNetworks.Difference(logits, actual), 0, 2e-5);
        Assert.True(checkpoint.Config.AntialiasedPositions);

        // Saved, the class token has its position in it, as in timm; the answers are the same bits.
        VisionTransformer network = VisionTransformer.Load(foreign.Path, new VitOptions { ImageSize = (56, 56) });
        using var saved = new TemporaryFolder();
        VitCheckpoint.Save(saved.Path, network);
        Assert.Equal(actual, VisionTransformer.Load(saved.Path, new VitOptions { ImageSize = (56, 56) }).Run(expected.Read("input"), 2));
        using VitCheckpoint again = VitCheckpoint.Open(saved.Path);
        Assert.Equal([1, 49, 48], again.Weights.Tensors["pos_embed"].Shape.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Hugging_Face_CLIP(bool whole)
    {
        using ForeignCheckpoint foreign = new ForeignCheckpoint("clip-tower").Rename(
            name => name == "head.bias" ? null : Clip(name), (name, shape) => name switch { "cls_token" => [48], "pos_embed" => [50, 48], _ => shape });
        string tower = """{"model_type": "clip_vision_model", "num_attention_heads": 3, "image_size": 56}""";
        foreign.Json("config.json", whole ? $$"""{"model_type": "clip", "vision_config": {{tower}}, "text_config": {"hidden_size": 7} }""" : tower);
        if (whole)
            foreign.Add("text_model.encoder.layers.0.mlp.fc1.weight", [7, 7]).Add("logit_scale", []).Add("text_projection.weight", [9, 7]);
        using VitCheckpoint checkpoint = foreign.Open();
        Assert.Equal(("Hugging Face CLIP", 1e-5f, Activation.GeluQuick), (checkpoint.Layout, checkpoint.Config.Epsilon, checkpoint.Config.Activation));
        IsTimmAgain(foreign, checkpoint, "head.bias");

        using var expected = SafetensorsFile.Open(Fixtures.Path("timm/clip-tower/expected.safetensors"));
        float[] logits = expected.Read("logits"), bias = foreign.Timm.Read("head.bias");
        for (int i = 0; i < logits.Length; i++)
            logits[i] -= bias[i % bias.Length];
        Assert.InRange(TinyNetworks.Difference(logits, VisionTransformer.Load(foreign.Path).Run(expected.Read("input"), 2)), 0, 2e-5);
    }

    [Fact]
    public void Timm_s_unpacked_gates_are_packed()
    {
        using ForeignCheckpoint foreign = new ForeignCheckpoint("dinov2-giant-swiglu").Rename(name => name.Contains("mlp.fc1") ? name.Replace("fc1", "fc1_g") + "|" + name.Replace("fc1", "fc1_x") : name)
            .Json("config.json", """{"architecture": "vit_giant_patch14_dinov2", "model_args": {"num_heads": 3, "img_size": 56}}""");
        using VitCheckpoint checkpoint = foreign.Open();
        IsTimmAgain(foreign, checkpoint);
    }

    [Fact]
    public void Keys_without_a_bias_get_zeros_and_a_missing_part_of_a_matrix_is_named()
    {
        using ForeignCheckpoint foreign = new ForeignCheckpoint("augreg-vit").Rename(name => Vit("vit", name)?.Replace("vit.encoder.layer.2.attention.attention.key.bias", "vit.pooler.unused")).Json("config.json", VitConfigJson);
        using (VitCheckpoint checkpoint = foreign.Open())
        {
            float[] bias = checkpoint.Weights.Read("blocks.2.attn.qkv.bias"), timm = foreign.Timm.Read("blocks.2.attn.qkv.bias");
            Assert.Equal(timm[..48], bias[..48]);
            Assert.All(bias[48..96], value => Assert.Equal(0, value));
            Assert.Equal(timm[96..], bias[96..]);
        }

        using ForeignCheckpoint broken = new ForeignCheckpoint("augreg-vit").Rename(name => Vit("vit", name)?.Replace("vit.encoder.layer.2.attention.attention.key.weight", "vit.pooler.unused")).Json("config.json", VitConfigJson);
        string message = Assert.Throws<CheckpointException>(() => broken.Open()).Message;
        Assert.Contains("'vit.encoder.layer.2.attention.attention.key.weight' is missing", message);
        Assert.Contains("[48, 48]", message);
    }

    static string? Vit(string root, string name) => ForeignCheckpoint.Block(name) is var (block, rest)
        ? string.Join('|', Split(rest).Select(part => $"{root}.encoder.layer.{block}." + part
            .Replace("norm1", "layernorm_before").Replace("norm2", "layernorm_after").Replace("attn.proj", "attention.output.dense")
            .Replace("mlp.fc1", "intermediate.dense").Replace("mlp.fc2", "output.dense")))
        : name.StartsWith("head_dist.") ? name.Replace("head_dist", "distillation_classifier")
        : name.StartsWith("head.") ? name.Replace("head", root == "deit" ? "cls_classifier" : "classifier")
        : $"{root}." + name.Replace("cls_token", "embeddings.cls_token").Replace("dist_token", "embeddings.distillation_token").Replace("pos_embed", "embeddings.position_embeddings")
            .Replace("patch_embed.proj", "embeddings.patch_embeddings.projection").Replace("norm.", "layernorm.");

    static string? Dinov2(string root, string name, bool gated) => ForeignCheckpoint.Block(name) is var (block, rest)
        ? string.Join('|', Split(rest).Select(part => $"{root}encoder.layer.{block}." + part
            .Replace("attn.proj", "attention.output.dense").Replace("ls1.gamma", "layer_scale1.lambda1").Replace("ls2.gamma", "layer_scale2.lambda1")
            .Replace("mlp.fc1", gated ? "mlp.weights_in" : "mlp.fc1").Replace("mlp.fc2", gated ? "mlp.weights_out" : "mlp.fc2")))
        : root + name.Replace("cls_token", "embeddings.cls_token").Replace("reg_token", "embeddings.register_tokens").Replace("pos_embed", "embeddings.position_embeddings")
            .Replace("patch_embed.proj", "embeddings.patch_embeddings.projection").Replace("norm.", "layernorm.");

    static string Clip(string name) => ForeignCheckpoint.Block(name) is var (block, rest)
        ? string.Join('|', Split(rest, "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj").Select(part => $"vision_model.encoder.layers.{block}." + part
            .Replace("norm1", "layer_norm1").Replace("norm2", "layer_norm2").Replace("attn.proj", "self_attn.out_proj")))
        : name == "head.weight" ? "visual_projection.weight"
        : "vision_model." + name.Replace("cls_token", "embeddings.class_embedding").Replace("pos_embed", "embeddings.position_embedding.weight")
            .Replace("patch_embed.proj", "embeddings.patch_embedding").Replace("norm_pre", "pre_layr").Replace("norm.", "post_layernorm.").Replace("pre_layr", "pre_layrnorm");

    static IEnumerable<string> Split(string name, string query = "attention.attention.query", string key = "attention.attention.key", string value = "attention.attention.value") =>
        name.StartsWith("attn.qkv") ? new[] { query, key, value }.Select(part => name.Replace("attn.qkv", part)) : [name];

    static void IsTimmAgain(ForeignCheckpoint foreign, VitCheckpoint checkpoint, params string[] except)
    {
        foreach (TensorInfo info in foreign.Timm.Tensors.Values.Where(info => !except.Any(info.Name.StartsWith)))
        {
            Assert.Equal(info.Shape.ToArray(), checkpoint.Weights.Tensors[info.Name].Shape.ToArray());
            Assert.Equal(foreign.Timm.Read(info.Name), checkpoint.Weights.Read(info.Name));
        }
    }

    static void GivesTimmsLogits(ForeignCheckpoint foreign, string family)
    {
        using var expected = SafetensorsFile.Open(Fixtures.Path($"timm/{family}/expected.safetensors"));
        float[] logits = VisionTransformer.Load(foreign.Path, new VitOptions { ImageSize = (56, 56) }).Run(expected.Read("input"), 2);
        Assert.InRange(TinyNetworks.Difference(expected.Read("logits"), logits), 0, 2e-5);
    }
}
