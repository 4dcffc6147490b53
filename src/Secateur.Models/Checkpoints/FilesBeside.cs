using System.Collections.Immutable;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints.Layouts;
using Secateur.Models.Vit;

namespace Secateur.Models.Checkpoints;

/// <summary>What a folder says about a network whose weights came from a file of another format: config.json and what belongs to it, of timm or of Hugging Face.</summary>
/// <param name="folder">The folder. Where it has no config.json and is called "onnx", as in Hugging Face's repositories, the one above it.</param>
public sealed class FilesBeside(string folder)
{
    const string Config = "config.json";

    /// <summary>Where they lie.</summary>
    public string Folder { get; } = !File.Exists(Path.Combine(folder, Config)) && Path.GetFileName(folder) == "onnx" && Path.GetDirectoryName(folder) is { } above && File.Exists(Path.Combine(above, Config)) ? above : folder;

    /// <summary>A network of pictures with its name, its labels and its preprocessing, as far as they are told.</summary>
    /// <param name="network">What the graph says.</param>
    /// <param name="classes">Rows of its classifier.</param>
    /// <returns>The same where there is no config.json.</returns>
    /// <exception cref="CheckpointException">A file is damaged.</exception>
    public VitConfig Complete(VitConfig network, int classes)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (Read() is not { } config)
            return network;
        string? type = config.Text("model_type");
        VitLayout layout = type switch
        {
            null => new TimmLayout(),
            "dinov2" or "dinov2_with_registers" => new HuggingFaceDinov2Layout(),
            "clip" or "clip_vision_model" => new HuggingFaceClipLayout(),
            _ => new HuggingFaceVitLayout(),
        };
        string[] labels = [.. new[] { config, config.Object("pretrained_cfg") }.SelectMany(from => new[] { "id2label", "label_names", "labels" }.Select(key => from?.Names(key, classes) ?? [])).FirstOrDefault(names => names.Length > 0) ?? []];
        return network with
        {
            Architecture = config.Text("architecture") ?? network.Architecture,
            AntialiasedPositions = type is null or "dinov2_with_registers",
            Labels = labels.Length > 0 ? [.. labels] : network.Labels,
            Preprocessing = layout.Preprocess(config, ConfigFile.TryRead(Path.Combine(Folder, "preprocessor_config.json")), network.Architecture, network.ImageSize) with { Size = network.ImageSize },
        };
    }

    /// <summary>An encoder of texts with its name and its labels, as far as they are told, that takes its tokenizer along when it is saved.</summary>
    /// <param name="network">What the graph says.</param>
    /// <param name="weights">Tensors under our names.</param>
    /// <param name="options">How it is to run here.</param>
    /// <returns>The network.</returns>
    /// <exception cref="CheckpointException">A file is damaged, or the weights are not those of such a network.</exception>
    public TextTransformer Build(TextConfig network, ITensorSource weights, TextOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(weights);
        ConfigFile? config = Read();
        config?.RequireValidTexts();
        int classes = weights.Tensors.TryGetValue("head.weight", out TensorInfo? head) ? head.Shape[0] : 0;
        ImmutableArray<string> labels = classes > 0 ? [.. config?.Names("id2label", classes) ?? []] : [];
        return new(
            network with
            {
                Architecture = config?.First("architectures") ?? network.Architecture,
                Labels = labels.IsEmpty ? network.Labels : labels,
                Task = classes == 1 && config?.Text("problem_type") is { } problem && problem.EndsWith("classification", StringComparison.Ordinal) ? TextTask.Classification : network.Task,
            },
            weights,
            options,
            new(Folder, config));
    }

    ConfigFile? Read() => ConfigFile.TryRead(Path.Combine(Folder, Config));
}
