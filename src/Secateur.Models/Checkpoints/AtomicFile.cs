using System.Text.RegularExpressions;

namespace Secateur.Models.Checkpoints;

/// <summary>Files that appear whole or not at all: written beside their target, then renamed.</summary>
public static partial class AtomicFile
{
    /// <summary>Writes a file; its folder is made if it is missing.</summary>
    /// <param name="path">The target; replaced if it exists.</param>
    /// <param name="write">Writes its bytes; if it throws, the target stays as it was.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = Path.GetFullPath(path), folder = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(folder);
        string draft = Path.Combine(folder, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}");
        try
        {
            using (var stream = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
                write(stream);
            File.Move(draft, target, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    /// <summary>Removes the drafts that killed processes left. A draft that is still written is young.</summary>
    /// <param name="folder">Where; nothing is done where there is none.</param>
    /// <param name="age">How long ago they were written last, at least.</param>
    /// <exception cref="IOException">One cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static void RemoveDrafts(string folder, TimeSpan age)
    {
        ArgumentNullException.ThrowIfNull(folder);
        foreach (string file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, ".*") : [])
            if (Draft().IsMatch(Path.GetFileName(file)) && DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > age)
                File.Delete(file);
    }

    // The name of the target, and what Path.GetRandomFileName makes.
    [GeneratedRegex(@"^\..+\.[a-z0-9]{8}\.[a-z0-9]{3}\z")]
    private static partial Regex Draft();
}
