using Secateur.Models.Images;

namespace Secateur.Evaluation.Datasets;

/// <summary>The JPEG and PNG files in a folder and below it.</summary>
internal sealed class FolderFiles : IPictureFiles
{
    const int MostDepth = 32;

    readonly string root;
    readonly string[] paths;

    /// <summary>Lists the pictures; none is opened yet.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="notice">Told of pictures that are left out.</param>
    /// <exception cref="IOException">The folder is not there.</exception>
    /// <exception cref="InvalidDataException">It holds no picture.</exception>
    internal FolderFiles(string folder, Action<string>? notice)
        : this(folder, [])
    {
        string[] all = [.. Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = MostDepth, IgnoreInaccessible = true })
            .Select(file => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'))];
        paths = PictureNames.Of(all, folder, notice);
    }

    /// <summary>Pictures that are known.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="paths">Their paths in it, in order.</param>
    internal FolderFiles(string folder, string[] paths) => (Place, root, this.paths) = (folder, Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), paths);

    /// <inheritdoc/>
    public string Place { get; }

    /// <inheritdoc/>
    public string Name => $"the folder {Path.GetFileName(root)}";

    /// <inheritdoc/>
    public string? Parent => Path.GetDirectoryName(root);

    /// <inheritdoc/>
    public string StartFrom(string folder) =>
        Path.GetRelativePath(Path.GetFullPath(folder), root).Replace(Path.DirectorySeparatorChar, '/') is var relative && relative is not "." && !relative.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(relative)
            ? relative + "/"
            : "";

    /// <inheritdoc/>
    public IReadOnlyList<string> Paths => paths;

    /// <inheritdoc/>
    public long BytesOf(int index) => new FileInfo(Path.Combine(root, paths[index])) is { Exists: true } file ? file.Length : 0;

    /// <inheritdoc/>
    public RgbImage Load(int index) => ImageFile.Load(Path.Combine(root, paths[index]));

    /// <inheritdoc/>
    public Stream? OpenList(string name) => Path.Combine(root, name) is var path && File.Exists(path) ? File.OpenRead(path) : null;
}
