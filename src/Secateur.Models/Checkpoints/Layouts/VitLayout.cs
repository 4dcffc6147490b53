using Secateur.Models.Vit;

namespace Secateur.Models.Checkpoints.Layouts;

/// <summary>A name of a weight (or of all weights of a layer) in a checkpoint, and what timm calls it.</summary>
/// <param name="From">The name, or the layer's name before ".weight" and ".bias".</param>
/// <param name="To">The same in timm.</param>
/// <param name="Part">Which part of timm's weight it is, from 0.</param>
/// <param name="Parts">Of how many parts timm's weight consists; they lie below each other.</param>
internal sealed record Stem(string From, string To, int Part = 0, int Parts = 1);

/// <summary>How a family of checkpoints names its weights, and what it says or leaves unsaid about the network.</summary>
internal abstract class VitLayout
{
    /// <summary>All that are known, the canonical one first.</summary>
    public static IReadOnlyList<VitLayout> All { get; } =
        [new TimmLayout(), new TorchvisionLayout(), new HuggingFaceVitLayout(), new HuggingFaceDinov2Layout(), new HuggingFaceClipLayout()];

    /// <summary>For people.</summary>
    public abstract string Name { get; }

    /// <summary>What may stand before every name but those of <see cref="Heads"/>.</summary>
    public virtual IReadOnlyList<string> Roots => [""];

    /// <summary>A name (after the root) that no other layout has.</summary>
    public abstract string Signature { get; }

    /// <summary>What stands before a block's number.</summary>
    public abstract string Blocks { get; }

    /// <summary>Names outside of blocks, after the root.</summary>
    public abstract IReadOnlyList<Stem> Outer { get; }

    /// <summary>Names in a block, after its number.</summary>
    public abstract IReadOnlyList<Stem> Inner { get; }

    /// <summary>Names outside of the root.</summary>
    public virtual IReadOnlyList<Stem> Heads => [];

    /// <summary>Whole names, or beginnings of names that end with a dot, that a vision transformer has no use for; after the root.</summary>
    public virtual IReadOnlyList<string> Ignored => [];

    /// <summary>Whether names that no table has are timm's own.</summary>
    public virtual bool IsCanonical => false;

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
