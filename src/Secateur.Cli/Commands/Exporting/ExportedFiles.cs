using Secateur.Onnx.Export;

namespace Secateur.Cli.Commands.Exporting;

/// <summary>An ONNX file on its way: written into a folder beside its place, and moved there once it is known to be good, so that whatever was there
/// stays until then.</summary>
internal sealed class ExportedFiles : IDisposable
{
    readonly string folder;
    readonly List<string> written = [];

    /// <summary>A file that is not there yet.</summary>
    /// <param name="path">Where it is to be.</param>
    /// <exception cref="UsageException">That is a folder.</exception>
    public ExportedFiles(string path)
    {
        if (Directory.Exists(path) || System.IO.Path.GetFileName(path).Length == 0)
            throw new UsageException($"--output {path} is a folder; name a file: {System.IO.Path.Combine(path, "model.onnx")}.");
        Path = path;
        folder = System.IO.Path.Combine(Parent, $".{System.IO.Path.GetFileName(path)}.{System.IO.Path.GetRandomFileName()}");
    }

    /// <summary>Where it is to be.</summary>
    public string Path { get; }

    string Parent => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;

    /// <summary>Writes it to one side.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weightsOutside">Whether weights are to stand beside it even where they would fit.</param>
    /// <returns>Where it is for now.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public string Save(OnnxModel model, bool weightsOutside)
    {
        Directory.CreateDirectory(folder);
        written.AddRange(model.Save(System.IO.Path.Combine(folder, System.IO.Path.GetFileName(Path)), weightsOutside));
        return written[0];
    }

    /// <summary>Moves it to its place, weights first.</summary>
    /// <returns>The files there and their bytes.</returns>
    /// <exception cref="IOException">It cannot be moved.</exception>
    public IReadOnlyList<(string Path, long Bytes)> Keep()
    {
        foreach (string file in written.AsEnumerable().Reverse())
            File.Move(file, System.IO.Path.Combine(Parent, System.IO.Path.GetFileName(file)), overwrite: true);
        return [.. written.Select((file, i) => (i == 0 ? Path : Path + ".data", new FileInfo(System.IO.Path.Combine(Parent, System.IO.Path.GetFileName(file))).Length))];
    }

    /// <summary>Removes what was not kept.</summary>
    public void Dispose()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
