using Secateur.Models.Vit;

namespace Secateur.Models.Checkpoints.Layouts;

/// <summary>timm's VisionTransformer and VisionTransformerDistilled: the canonical names.</summary>
internal sealed class TimmLayout : VitLayout
{
    public override string Name => "timm";

    public override string Signature => "blocks.0.norm1.weight";

    public override string Blocks => "blocks.";

    public override IReadOnlyList<Stem> Outer => [];

    // Its SwiGLU keeps the two halves apart; its GluMlp, which DINOv2 uses, has them packed, gates first.
    public override IReadOnlyList<Stem> Inner => [new("mlp.fc1_g", "mlp.fc1", 0, 2), new("mlp.fc1_x", "mlp.fc1", 1, 2)];

    public override IReadOnlyList<string> Ignored => ["mask_token"];

    public override bool IsCanonical => true;

    public override VitConfig Configure(ConfigFile? config, string hint, VitShapes shapes) => TimmConfig.Read(config, hint, shapes);

    public override ImagePreprocessing Preprocess(ConfigFile? config, ConfigFile? processor, string hint, (int Height, int Width) size) =>
        TimmConfig.ReadPreprocessing(config, size);
}
