using Secateur.Models.Vit;

namespace Secateur.Models.Checkpoints.Layouts;

/// <summary>Hugging Face's Dinov2 and Dinov2WithRegisters, with a classifier or without.</summary>
internal sealed class HuggingFaceDinov2Layout : VitLayout
{
    public override string Name => "Hugging Face DINOv2";

    public override IReadOnlyList<string> Roots => ["dinov2.", "dinov2_with_registers.", ""];

    public override string Signature => "encoder.layer.0.layer_scale1.lambda1";

    public override string Blocks => "encoder.layer.";

    public override IReadOnlyList<Stem> Outer =>
    [
        new("embeddings.cls_token", "cls_token"),
        new("embeddings.register_tokens", "reg_token"),
        new("embeddings.position_embeddings", "pos_embed"),
        new("embeddings.patch_embeddings.projection", "patch_embed.proj"),
        new("layernorm", "norm"),
    ];

    public override IReadOnlyList<Stem> Inner =>
    [
        new("norm1", "norm1"),
        new("attention.attention.query", "attn.qkv", 0, 3),
        new("attention.attention.key", "attn.qkv", 1, 3),
        new("attention.attention.value", "attn.qkv", 2, 3),
        new("attention.output.dense", "attn.proj"),
        new("layer_scale1.lambda1", "ls1.gamma"),
        new("norm2", "norm2"),
        new("mlp.fc1", "mlp.fc1"),
        new("mlp.fc2", "mlp.fc2"),
        new("mlp.weights_in", "mlp.fc1"),
        new("mlp.weights_out", "mlp.fc2"),
        new("layer_scale2.lambda1", "ls2.gamma"),
    ];

    public override IReadOnlyList<Stem> Heads => [new("classifier", "head")];

    public override IReadOnlyList<string> Ignored => ["embeddings.mask_token"];

    // Its classifier reads the class token and the mean of the patches; without one, the class token is the answer. Only the network with
    // registers resamples its position embeddings with antialiasing.
    public override VitConfig Configure(ConfigFile? config, string hint, VitShapes shapes) => HuggingFaceConfig.Read(
        config, hint, shapes, 1e-6f, shapes.HeadInputs == 2L * shapes.Width ? VitPooling.ClassTokenAndAverage : VitPooling.ClassToken) with
    {
        AntialiasedPositions = shapes.Registers > 0,
    };

    public override ImagePreprocessing Preprocess(ConfigFile? config, ConfigFile? processor, string hint, (int Height, int Width) size) =>
        HuggingFacePreprocessing.Read(processor, size, new() { Size = size, ShortSide = size.Height * 256 / 224, CropRounding = "down" });
}
