using Secateur.Models.Vit;

namespace Secateur.Models.Checkpoints.Layouts;

/// <summary>How a family of checkpoints names its weights, and what it says or leaves unsaid about the network.</summary>
internal abstract class VitLayout : WeightLayout
{
    /// <summary>All that are known, the canonical one first.</summary>
    public static IReadOnlyList<VitLayout> All { get; } =
        [new TimmLayout(), new TorchvisionLayout(), new HuggingFaceVitLayout(), new HuggingFaceDinov2Layout(), new HuggingFaceClipLayout()];

    /// <summary>What the weights cannot say.</summary>
    /// <param name="config">config.json, or null.</param>
    /// <param name="hint">The name of the file or folder: where there is no config.json, it may say what the weights cannot.</param>
    /// <param name="shapes">What the weights say.</param>
    public abstract VitConfig Configure(ConfigFile? config, string hint, VitShapes shapes);

    /// <summary>How a picture becomes the network's input.</summary>
    /// <param name="config">config.json, or null.</param>
    /// <param name="processor">preprocessor_config.json, or null.</param>
    /// <param name="hint">The name of the file or folder.</param>
    /// <param name="size">Height and width that the position embeddings are for.</param>
    public abstract ImagePreprocessing Preprocess(ConfigFile? config, ConfigFile? processor, string hint, (int Height, int Width) size);
}
