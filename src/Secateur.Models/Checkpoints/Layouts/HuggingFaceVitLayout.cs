using Secateur.Models.Vit;

namespace Secateur.Models.Checkpoints.Layouts;

/// <summary>Hugging Face's ViTForImageClassification, DeiTForImageClassification and DeiTForImageClassificationWithTeacher, and these without a head.</summary>
internal sealed class HuggingFaceVitLayout : VitLayout
{
    public override string Name => "Hugging Face ViT";

    public override IReadOnlyList<string> Roots => ["vit.", "deit.", ""];

    public override string Signature => "encoder.layer.0.layernorm_before.weight";

    public override string Blocks => "encoder.layer.";

    public override IReadOnlyList<Stem> Outer =>
    [
        new("embeddings.cls_token", "cls_token"),
        new("embeddings.distillation_token", "dist_token"),
        new("embeddings.position_embeddings", "pos_embed"),
        new("embeddings.patch_embeddings.projection", "patch_embed.proj"),
        new("layernorm", "norm"),
    ];

    public override IReadOnlyList<Stem> Inner =>
    [
        new("layernorm_before", "norm1"),
        new("attention.attention.query", "attn.qkv", 0, 3),
        new("attention.attention.key", "attn.qkv", 1, 3),
        new("attention.attention.value", "attn.qkv", 2, 3),
        new("attention.output.dense", "attn.proj"),
        new("layernorm_after", "norm2"),
        new("intermediate.dense", "mlp.fc1"),
        new("output.dense", "mlp.fc2"),
    ];

    public override IReadOnlyList<Stem> Heads => [new("classifier", "head"), new("cls_classifier", "head"), new("distillation_classifier", "head_dist")];

    // The pooler belongs to pre-training; classifiers look at the class token itself.
    public override IReadOnlyList<string> Ignored => ["embeddings.mask_token", "pooler."];

    public override VitConfig Configure(ConfigFile? config, string hint, VitShapes shapes) => HuggingFaceConfig.Read(config, hint, shapes, 1e-12f, VitPooling.ClassToken);

    public override ImagePreprocessing Preprocess(ConfigFile? config, ConfigFile? processor, string hint, (int Height, int Width) size) =>
        HuggingFacePreprocessing.Read(processor, size, config?.Text("model_type") == "deit"
            ? new() { Size = size, ResizeTo = (size.Height * 256 / 224, size.Width * 256 / 224), CropRounding = "down" }
            : new() { Size = size, ResizeTo = size, Interpolation = "bilinear", Mean = (0.5f, 0.5f, 0.5f), Deviation = (0.5f, 0.5f, 0.5f) });
}
