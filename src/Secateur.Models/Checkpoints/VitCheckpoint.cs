using System.Collections.Immutable;
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
    /// <param name="path">A safetensors file, an index of several, a folder with either and a config.json, or a repository in the Hugging Face cache by its name
    /// ("timm/deit_tiny_patch16_224.fb_in1k") or its folder.</param>
    /// <returns>The open checkpoint; dispose it once the weights are read.</returns>
    /// <exception cref="CheckpointException">It is no vision transformer that is known here, or it is damaged.</exception>
    public static VitCheckpoint Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        CheckpointFiles files = CheckpointFiles.Find(path);
        IDisposable file = files.OpenWeights();
        try
        {
            (VitLayout layout, RenamedTensors weights, _) = LayoutReader.Read(
                (ITensorSource)file, VitLayout.All, "a vision transformer that is known here (timm, torchvision, Hugging Face ViT, DeiT, DINOv2 or CLIP)");
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

    /// <summary>Writes <c>model.safetensors</c> (timm names) and <c>config.json</c> into a folder. They open again here, and in timm where all blocks
    /// have as many heads and neurons.</summary>
    /// <param name="folder">Made if it is missing; files of these names are replaced, each when it is whole.</param>
    /// <param name="config">What the weights cannot say.</param>
    /// <param name="weights">Each weight's timm name, its shape, and a function that writes its numbers.</param>
    /// <param name="type">How the numbers are kept: F32, F16, BF16 or F64.</param>
    /// <param name="cancellation">Stops between two weights.</param>
    /// <exception cref="CheckpointException">The weights are not those of a vision transformer.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static void Save(
        string folder,
        VitConfig config,
        IEnumerable<(string Name, ImmutableArray<int> Shape, Action<Span<float>> Read)> weights,
        TensorType type = TensorType.F32,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(weights);
        (string Name, ImmutableArray<int> Shape, Action<Span<float>> Read)[] all = [.. weights];
        int patch = all.FirstOrDefault(weight => weight.Name == "patch_embed.proj.weight").Shape is [_, _, > 0 and var side, _] ? side : int.MaxValue;
        OutputTensor[] tensors = [.. ClassPosition.Fold(all, config.ImageSize.Height / patch * (config.ImageSize.Width / patch)).Select(weight => OutputTensor.Floats(weight.Name, weight.Shape, weight.Read, type))];
        var described = new DescribedTensors(folder, tensors.ToDictionary(tensor => tensor.Info.Name, tensor => tensor.Info));
        VitWeights.Validate(described, config);
        SafetensorsWriter.Write(
            System.IO.Path.Combine(folder, "model.safetensors"), tensors, new Dictionary<string, string> { ["format"] = "pt" }, cancellation);
        AtomicFile.Write(System.IO.Path.Combine(folder, "config.json"), stream => VitConfigWriter.Write(stream, config, described.Tensors));
    }

    /// <summary>Writes a network into a folder, as <see cref="Save(string, VitConfig, IEnumerable{ValueTuple{string, ImmutableArray{int}, Action{Span{float}}}}, TensorType, CancellationToken)"/> does.</summary>
    /// <param name="folder">Made if it is missing.</param>
    /// <param name="network">The network.</param>
    /// <param name="type">How the numbers are kept.</param>
    /// <param name="cancellation">Stops between two weights.</param>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static void Save(string folder, VisionTransformer network, TensorType type = TensorType.F32, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        var weights = new List<(string, ImmutableArray<int>, Action<Span<float>>)>();
        network.VisitWeights((name, shape, read) => weights.Add((name, shape, read)));
        Save(folder, network.Config, weights, type, cancellation);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    /// <summary>Names and shapes of tensors that are about to be written.</summary>
    sealed record DescribedTensors(string Path, IReadOnlyDictionary<string, TensorInfo> Tensors) : ITensorSource
    {
        public void Read(string name, Span<float> destination) => throw new CheckpointException($"{Path}: the weight '{name}' is not written yet.");
    }
}
