using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;
using Secateur.Onnx.Import.Text;
using Secateur.Onnx.Import.Vision;
using Secateur.Onnx.Schema;

namespace Secateur.Onnx.Import;

/// <summary>Networks out of ONNX files, recognised by what their graphs compute, whatever names the exporter gave.</summary>
public static class OnnxImport
{
    /// <summary>Whether a path is that of an ONNX file.</summary>
    /// <param name="path">The path of a file, or anything else.</param>
    /// <returns>Whether <see cref="Load"/> is the one to ask.</returns>
    public static bool Takes(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) && File.Exists(path);
    }

    /// <summary>Loads a network: a vision transformer, or an encoder of texts, as PyTorch's exporters write timm's and Hugging Face's, or as <see cref="Export.OnnxExport"/> does.</summary>
    /// <param name="path">An ONNX file (opset 11 to 21); weights may lie beside it.</param>
    /// <param name="options">How a network of pictures is to run here; threads and registers count for one of texts too.</param>
    /// <returns>A <see cref="VisionTransformer"/> or a <see cref="TextTransformer"/>.</returns>
    /// <exception cref="CheckpointException">It is no such network, and the first operator that does not fit is named; or it is damaged.</exception>
    /// <exception cref="ArgumentException">The wanted image size has no whole patches.</exception>
    public static Transformer Load(string path, VitOptions? options = null)
    {
        var source = new OnnxSource(path);
        if (source.Graph.Output.Count == 0)
            throw new CheckpointException($"{path}: its graph has no outputs.");
        var facts = new ToldFacts(source);
        facts.RequireDense();
        var beside = new FilesBeside(Holder(path));
        if (source.Inputs is [var pictures] && VisionTrial.Takes(pictures))
        {
            (VitConfig config, LiftedWeights weights, PixelPattern? pixels) = First(source, output => VisionImport.Of(source, pictures, output));
            int classes = weights.Tensors.TryGetValue("head.weight", out TensorInfo? head) ? head.Shape[0] : 0;
            config = beside.Complete(config, classes);
            ImagePreprocessing told = facts.Preprocessing is { } own ? own with { Size = config.ImageSize } : config.Preprocessing;
            return new VisionTransformer(
                config with
                {
                    Architecture = facts.Architecture ?? config.Architecture,
                    Labels = facts.Labels(classes) is { IsEmpty: false } labels ? labels : config.Labels,
                    Preprocessing = pixels?.Settle(told) ?? told,
                },
                weights,
                options);
        }

        (TextConfig text, LiftedWeights lifted) = First(source, output => TextImport.Of(source, output));
        int answers = lifted.Tensors.TryGetValue("head.weight", out TensorInfo? last) ? last.Shape[0] : 0;
        text = text with { Architecture = facts.Architecture ?? text.Architecture, Labels = facts.Labels(answers) };
        return beside.Build(text, lifted, new() { Kernels = options?.Kernels, Threads = options?.Threads });
    }

    /// <summary>Whether an ONNX file is of a network that reads texts: no input of it takes pictures.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <returns>Whether <see cref="Load"/> would give a <see cref="TextTransformer"/>, if anything.</returns>
    /// <exception cref="CheckpointException">It is damaged.</exception>
    public static bool ReadsTexts(string path) => new OnnxSource(path).Inputs is not [var pictures] || !VisionTrial.Takes(pictures);

    /// <summary>Where the files lie that belong to an ONNX file: config.json, tokenizer.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <returns>Its folder; in Hugging Face's repositories, where it is called "onnx", the one above.</returns>
    public static string FolderOf(string path) => new FilesBeside(Holder(path)).Folder;

    static string Holder(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    // Logits or pooled vectors before all tokens; the first output that is understood.
    static T First<T>(OnnxSource source, Func<string, T> import)
    {
        CheckpointException? first = null;
        foreach (ValueInfoProto output in source.Graph.Output.Take(8).OrderBy(output => output.Type?.TensorType?.Shape?.Dim.Count is 3 ? 1 : 0))
            try
            {
                return import(output.Name);
            }
            catch (CheckpointException error)
            {
                first ??= error;
            }

        throw first!;
    }
}
