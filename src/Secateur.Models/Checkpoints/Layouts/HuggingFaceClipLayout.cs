using Secateur.Models.Vit;

namespace Secateur.Models.Checkpoints.Layouts;

/// <summary>The image tower of Hugging Face's CLIP: CLIPVisionModel, CLIPVisionModelWithProjection (the projection is the head), or that part of a whole CLIPModel.</summary>
internal sealed class HuggingFaceClipLayout : VitLayout
{
    public override string Name => "Hugging Face CLIP";

    public override IReadOnlyList<string> Roots => ["vision_model."];

    public override string Signature => "encoder.layers.0.layer_norm1.weight";

    public override string Blocks => "encoder.layers.";

    public override IReadOnlyList<Stem> Outer =>
    [
        new("embeddings.class_embedding", "cls_token"),
        new("embeddings.position_embedding.weight", "pos_embed"),
        new("embeddings.patch_embedding", "patch_embed.proj"),
        new("pre_layrnorm", "norm_pre"),
        new("post_layernorm", "norm"),
    ];

    public override IReadOnlyList<Stem> Inner =>
    [
        new("layer_norm1", "norm1"),
        new("self_attn.q_proj", "attn.qkv", 0, 3),
        new("self_attn.k_proj", "attn.qkv", 1, 3),
        new("self_attn.v_proj", "attn.qkv", 2, 3),
        new("self_attn.out_proj", "attn.proj"),
        new("layer_norm2", "norm2"),
        new("mlp.fc1", "mlp.fc1"),
        new("mlp.fc2", "mlp.fc2"),
    ];

    public override IReadOnlyList<Stem> Heads => [new("visual_projection", "head")];

    public override IReadOnlyList<string> Ignored => ["embeddings.position_ids", "text_model.", "text_projection.", "logit_scale"];

    public override VitConfig Configure(ConfigFile? config, string hint, VitShapes shapes) =>
        HuggingFaceConfig.Read(config?.Object("vision_config") ?? config, hint, shapes, 1e-5f, VitPooling.ClassToken, "quick_gelu");

    public override ImagePreprocessing Preprocess(ConfigFile? config, ConfigFile? processor, string hint, (int Height, int Width) size) =>
        HuggingFacePreprocessing.Read(processor, size, new()
        {
            Size = size,
            ShortSide = size.Height,
            CropRounding = "down",
            Mean = (0.48145466f, 0.4578275f, 0.40821073f),
            Deviation = (0.26862954f, 0.26130258f, 0.27577711f),
        });
}
