using Secateur.Models.Vit;

namespace Secateur.Models.Checkpoints.Layouts;

/// <summary>torchvision's VisionTransformer (vit_b_16 and its kin), with no configuration but what its weights are published with.</summary>
internal sealed class TorchvisionLayout : VitLayout
{
    public override string Name => "torchvision";

    public override string Signature => "conv_proj.weight";

    public override string Blocks => "encoder.layers.encoder_layer_";

    public override IReadOnlyList<Stem> Outer =>
    [
        new("class_token", "cls_token"),
        new("conv_proj", "patch_embed.proj"),
        new("encoder.pos_embedding", "pos_embed"),
        new("encoder.ln", "norm"),
        new("heads.head", "head"),
    ];

    public override IReadOnlyList<Stem> Inner =>
    [
        new("ln_1", "norm1"),
        new("self_attention.in_proj_weight", "attn.qkv.weight"),
        new("self_attention.in_proj_bias", "attn.qkv.bias"),
        new("self_attention.out_proj", "attn.proj"),
        new("ln_2", "norm2"),
        new("mlp.0", "mlp.fc1"),
        new("mlp.3", "mlp.fc2"),
        new("mlp.linear_1", "mlp.fc1"),
        new("mlp.linear_2", "mlp.fc2"),
    ];

    public override VitConfig Configure(ConfigFile? config, string hint, VitShapes shapes) => new()
    {
        Architecture = hint,
        ImageSize = shapes.ImageSize(null),
        HeadDim = shapes.HeadDim(null, null),
        Labels = [.. config?.Names("id2label", shapes.Classes) ?? []],
    };

    /// <summary>The first weights (224 pixels) were published with bilinear resizing to 256; those of SWAG (384 and 518 pixels, and 224 where the
    /// name says so) with bicubic resizing to the crop itself.</summary>
    public override ImagePreprocessing Preprocess(ConfigFile? config, ConfigFile? processor, string hint, (int Height, int Width) size)
    {
        bool swag = size.Height > 224 || hint.Contains("swag", StringComparison.OrdinalIgnoreCase);
        return new() { Size = size, Interpolation = swag ? "bicubic" : "bilinear", ShortSide = swag ? size.Height : size.Height * 256 / 224 };
    }
}
