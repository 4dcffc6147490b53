namespace Secateur.Models.Hub;

/// <summary>The cache that Hugging Face's tools share: for each repository, blobs named by their hash, snapshots (a folder a commit, of links to
/// blobs), and refs (a file a branch, with a commit).</summary>
/// <param name="folder">The cache's folder; it need not exist.</param>
public sealed class HubCache(string folder)
{
    /// <summary>Whether a text has the form of a repository's name: "organisation/name", or, of a few old ones, "name".</summary>
    public static bool IsRepository(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string[] parts = name.Split('/');
        return name.Length <= 200 && parts.Length <= 2 && Array.TrueForAll(parts, part =>
            part.Length > 0 && part[0] is not ('.' or '-') && part[^1] is not ('.' or '-') && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            && !part.Contains("..", StringComparison.Ordinal) && !part.Contains("--", StringComparison.Ordinal));
    }

    /// <summary>Whether a text can be a branch, a tag or a commit.</summary>
    public static bool IsRevision(string revision)
    {
        ArgumentNullException.ThrowIfNull(revision);
        return revision.Length is > 0 and <= 200 && Array.TrueForAll(revision.Split('/'), part =>
            part.Length > 0 && part[0] is not ('.' or '-') && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'));
    }

    /// <summary>Finds a repository that this or another tool has downloaded, without a network.</summary>
    /// <param name="repository">"organisation/name".</param>
    /// <param name="revision">A branch, a tag or a commit.</param>
    /// <returns>The folder of the snapshot, which holds safetensors; null when there is none.</returns>
    public string? TryFind(string repository, string revision = "main")
    {
        if (!IsRepository(repository) || !IsRevision(revision))
            return null;
        string place = FolderOf(repository), reference = Path.Combine([place, "refs", .. revision.Split('/')]);
        string commit = File.Exists(reference) && new FileInfo(reference).Length <= 100 ? File.ReadAllText(reference).Trim() : revision;
        string snapshot = Path.Combine(place, "snapshots", commit);
        return IsCommit(commit) && Directory.Exists(snapshot) && Directory.EnumerateFiles(snapshot, "*.safetensors").Any(IsThere) ? snapshot : null;
    }

    /// <summary>The folder of a repository in the cache.</summary>
    internal string FolderOf(string repository) => Path.Combine(folder, "models--" + repository.Replace("/", "--", StringComparison.Ordinal));

    /// <summary>A link whose blob is gone still counts as a file.</summary>
    static bool IsThere(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.Exists ?? true;

    internal static bool IsCommit(string text) => text.Length == 40 && text.All(char.IsAsciiHexDigitLower);
}
