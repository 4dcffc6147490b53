using Secateur.Models.Bert;
using Secateur.Models.Checkpoints.Layouts;

namespace Secateur.Models.Checkpoints;

/// <summary>An encoder of texts on disk, open for reading: what it is, and its weights under our names.
/// Known are BERT, RoBERTa (XLM-RoBERTa, CamemBERT) and DistilBERT under Hugging Face's names, and sentence-transformers made of them.</summary>
public sealed class TextCheckpoint : IDisposable
{
    const string Known = "an encoder of texts that is known here (BERT, RoBERTa or DistilBERT under Hugging Face's names)";

    readonly IDisposable file;

    TextCheckpoint(string path, IDisposable file, string layout, TextConfig config, ITensorSource weights, TextFiles files)
    {
        (Path, this.file, Layout, Config, Weights, Files) = (path, file, layout, config, weights, files);
    }

    /// <summary>The safetensors file or the index of several.</summary>
    public string Path { get; }

    /// <summary>Whose names the file has.</summary>
    public string Layout { get; }

    /// <summary>What the weights cannot say.</summary>
    public TextConfig Config { get; }

    /// <summary>The weights under our names; queries, keys and values are the rows of one matrix. Nothing is read before it is asked for.</summary>
    public ITensorSource Weights { get; }

    /// <summary>What lies beside them.</summary>
    internal TextFiles Files { get; }

    /// <summary>Whether a checkpoint's weights are called as those of an encoder of texts; nothing else is checked.</summary>
    /// <param name="path">As for <see cref="Open"/>.</param>
    /// <returns>Whether <see cref="Open"/> is the one to ask.</returns>
    /// <exception cref="CheckpointException">There is no checkpoint, or it is damaged.</exception>
    public static bool Holds(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using IDisposable file = CheckpointFiles.Find(path).OpenWeights();
        return LayoutReader.Find((ITensorSource)file, TextLayout.All) is not null;
    }

    /// <summary>Opens a checkpoint and checks all of it but the numbers.</summary>
    /// <param name="path">A safetensors file, an index of several, a folder with either and a config.json, or a repository in the Hugging Face cache by its name
    /// ("sentence-transformers/all-MiniLM-L6-v2") or its folder.</param>
    /// <returns>The open checkpoint; dispose it once the weights are read.</returns>
    /// <exception cref="CheckpointException">It is no encoder of texts that is known here, or it is damaged.</exception>
    public static TextCheckpoint Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        CheckpointFiles files = CheckpointFiles.Find(path);
        IDisposable file = files.OpenWeights();
        try
        {
            (TextLayout layout, RenamedTensors weights, string root) = LayoutReader.Read((ITensorSource)file, TextLayout.All, Known);
            ConfigFile? config = ConfigFile.TryRead(System.IO.Path.Combine(files.Folder, "config.json"));
            config?.RequireValidTexts();
            TextConfig network = TextConfigFile.Read(config, SentencePipeline.Read(files.Folder), files.Hint, layout, root, weights);
            TextWeights.Validate(weights, network);
            return new(files.Weights, file, layout.Name, network, weights, new(files.Folder, config));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes <c>model.safetensors</c> (Hugging Face's names) and <c>config.json</c> into a folder; the files of tokenizer and pooling go with them.</summary>
    /// <param name="folder">Made if it is missing; files of these names are replaced, each when it is whole.</param>
    /// <param name="network">The network.</param>
    /// <param name="type">How the numbers are kept: F32, F16, BF16 or F64.</param>
    /// <param name="cancellation">Stops between two weights.</param>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static void Save(string folder, TextTransformer network, TensorType type = TensorType.F32, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(network);
        var tensors = new List<OutputTensor>();
        network.VisitWeights((name, shape, read) => tensors.AddRange(TextNames.Split(network.Config, name, shape, read, type)));
        SafetensorsWriter.Write(System.IO.Path.Combine(folder, "model.safetensors"), tensors, new Dictionary<string, string> { ["format"] = "pt" }, cancellation);
        network.Files.CopyTo(folder);
        AtomicFile.Write(System.IO.Path.Combine(folder, "config.json"), stream => TextConfigWriter.Write(stream, network));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();
}
