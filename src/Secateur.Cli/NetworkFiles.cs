using Secateur.Models.Checkpoints;
using Secateur.Onnx.Import;

namespace Secateur.Cli;

/// <summary>Where the files of a network are: a checkpoint's, or an ONNX file's.</summary>
/// <param name="Folder">Where its configuration and its tokenizer lie.</param>
/// <param name="Weights">The files with its weights.</param>
internal sealed record NetworkFiles(string Folder, IReadOnlyList<string> Weights)
{
    /// <summary>Finds them.</summary>
    /// <param name="path">What <see cref="Network.Locate"/> found.</param>
    /// <exception cref="CheckpointException">There are none.</exception>
    public static NetworkFiles Of(string path)
    {
        if (OnnxImport.Takes(path))
            return new(OnnxImport.FolderOf(path), [.. new[] { path, path + ".data" }.Where(File.Exists)]);
        CheckpointFiles files = CheckpointFiles.Find(path);
        return new(files.Folder, files.WeightFiles);
    }

    /// <summary>Bytes of the weights. They are opened, since the length of a link is not that of its file.</summary>
    public long Bytes => Weights.Sum(file =>
    {
        using FileStream opened = File.OpenRead(file);
        return opened.Length;
    });
}
