using Secateur.Models.Checkpoints.Layouts;
using Secateur.Models.Vit;

namespace Secateur.Models.Checkpoints;

/// <summary>A vision transformer on disk, open for reading: what it is, and its weights under timm names, whoever wrote it.
/// Known are the layouts of timm, torchvision and Hugging Face (ViT, DeiT, DINOv2, CLIP's image tower).</summary>
public sealed class VitCheckpoint : IDisposable
{
    readonly IDisposable file;

    VitCheckpoint(string path, IDisposable file, string layout, VitConfig config, ITensorSource weights)
    {
        (Path, this.file, Layout, Config, Weights) = (path, file, layout, config, weights);
    }

    /// <summary>The safetensors file or the index of several.</summary>
    public string Path { get; }

    /// <summary>Whose names the file has: "timm", "torchvision", "Hugging Face ViT", ...</summary>
    public string Layout { get; }

    /// <summary>What the weights cannot say.</summary>
    public VitConfig Config { get; }

    /// <summary>The weights under timm names; queries, keys and values are the rows of one matrix, gates the first half of fc1. Nothing is read before it is asked for.</summary>
    public ITensorSource Weights { get; }

    /// <summary>Height and width that its preprocessing makes of pictures, where these are whole patches (DINOv2 was trained for 518 pixels and is used
    /// at 224); otherwise what its position embeddings are for.</summary>
    public (int Height, int Width) InputSize
    {
        get
        {
            (int height, int width) = Config.Preprocessing.Size;
            int patch = Weights.Tensors["patch_embed.proj.weight"].Shape[2];
            return height % patch == 0 && width % patch == 0 ? (height, width) : Config.ImageSize;
        }
    }

    /// <summary>Opens a checkpoint and checks all of it but the numbers.</summary>
    /// <param name="path">A safetensors file, an index of several, a folder with either and a config.json, or a repository's folder in a Hugging Face cache.</param>
    /// <returns>The open checkpoint; dispose it once the weights are read.</returns>
    /// <exception cref="CheckpointException">It is no vision transformer that is known here, or it is damaged.</exception>
    public static VitCheckpoint Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        CheckpointFiles files = CheckpointFiles.Find(path);
        IDisposable file = files.Weights.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? new ShardedSafetensors(files.Weights) : SafetensorsFile.Open(files.Weights);
        try
        {
            (VitLayout layout, RenamedTensors weights) = LayoutReader.Read((ITensorSource)file);
            ConfigFile? config = ConfigFile.TryRead(System.IO.Path.Combine(files.Folder, "config.json"));
            ConfigFile? processor = ConfigFile.TryRead(System.IO.Path.Combine(files.Folder, "preprocessor_config.json"));
            VitConfig network = layout.Configure(config, files.Hint, new VitShapes(weights));
            network = network with { Preprocessing = layout.Preprocess(config, processor, files.Hint, network.ImageSize) };
            VitWeights.Validate(weights, network);
            return new(files.Weights, file, layout.Name, network, weights);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();
}
