using Secateur.Models.Hub;

namespace Secateur.Models.Checkpoints;

/// <summary>Where the files of a checkpoint are.</summary>
/// <param name="Weights">A safetensors file or an index of several.</param>
/// <param name="Folder">Where config.json is, if there is one.</param>
/// <param name="Hint">The checkpoint's name: its file's, or its folder's where all files are named alike.</param>
public sealed record CheckpointFiles(string Weights, string Folder, string Hint)
{
    const string Single = "model.safetensors", Index = "model.safetensors.index.json";

    /// <summary>Finds them.</summary>
    /// <param name="path">A safetensors file, an index, a folder with either, a repository's folder in a Hugging Face cache, or the name
    /// of a repository that is there.</param>
    /// <exception cref="CheckpointException">There are none; the message says what there is.</exception>
    public static CheckpointFiles Find(string path)
    {
        if (File.Exists(path))
        {
            string name = Path.GetFileName(path);
            if (!name.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) && !name.EndsWith(".safetensors.index.json", StringComparison.OrdinalIgnoreCase))
                throw new CheckpointException($"{path}: this is no safetensors file. Give a .safetensors file, its index, or the folder of one.");
            string holder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            return new(path, holder, name is Single or Index ? NameOf(holder) : name[..name.IndexOf(".safetensors", StringComparison.OrdinalIgnoreCase)]);
        }

        if (!Directory.Exists(path) && new HubCache(HubOptions.FromEnvironment().CacheFolder).TryFind(path) is { } cached)
            path = cached;
        if (!Directory.Exists(path))
            throw new CheckpointException($"{path}: there is no such file or folder, and no repository of that name in the Hugging Face cache. `secateur pull ORGANISATION/NAME` downloads one.");
        string folder = Snapshot(path) ?? path;
        foreach (string name in new[] { Single, Index })
            if (File.Exists(Path.Combine(folder, name)))
                return new(Path.Combine(folder, name), folder, NameOf(path));
        string[] others = [.. Directory.EnumerateFiles(folder, "*.safetensors").Take(3)];
        return others.Length == 1
            ? new(others[0], folder, Path.GetFileNameWithoutExtension(others[0]))
            : throw new CheckpointException($"{folder}: {(others.Length == 0 ? Missing(folder) : $"there are several safetensors files ({string.Join(", ", others.Select(Path.GetFileName))}, ...); name one of them")}.");
    }

    /// <summary>The safetensors files that hold the weights: one, or those that the index names.</summary>
    /// <exception cref="CheckpointException">The index is damaged.</exception>
    public IReadOnlyList<string> WeightFiles
    {
        get
        {
            if (!Weights.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
                return [Weights];
            using var shards = new ShardedSafetensors(Weights);
            return [.. shards.Files];
        }
    }

    /// <summary>Opens the weights: an <see cref="ITensorSource"/> that is to be disposed.</summary>
    /// <exception cref="CheckpointException">They are damaged.</exception>
    public IDisposable OpenWeights() => Weights.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? new ShardedSafetensors(Weights) : SafetensorsFile.Open(Weights);

    static string Missing(string folder) => Directory.EnumerateFiles(folder).Any(file => Path.GetExtension(file) is ".bin" or ".pt" or ".pth")
        ? "there is no model.safetensors, only weights that are pickled code, which is never run here; save them as safetensors first"
        : "there is no model.safetensors and no model.safetensors.index.json";

    /// <summary>The newest snapshot in a repository's folder of a Hugging Face cache, or null where it is no such folder.</summary>
    static string? Snapshot(string path)
    {
        string main = Path.Combine(path, "refs", "main"), snapshots = Path.Combine(path, "snapshots");
        if (!Directory.Exists(snapshots))
            return null;
        if (File.Exists(main) && new FileInfo(main).Length <= 100 && File.ReadAllText(main).Trim() is { Length: > 0 } commit && commit.All(char.IsAsciiLetterOrDigit))
            return Path.Combine(snapshots, commit);
        string[] all = Directory.GetDirectories(snapshots);
        return all.Length == 1 ? all[0] : throw new CheckpointException($"{path}: there are {all.Length} snapshots and refs/main names none of them; give the folder of one.");
    }

    /// <summary>The folder's name; in a Hugging Face cache, the repository's.</summary>
    static string NameOf(string folder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        DirectoryInfo info = new(full);
        if (info.Parent?.Name == "snapshots" && info.Parent.Parent is { } repository)
            info = repository;
        return info.Name.StartsWith("models--", StringComparison.Ordinal) ? info.Name[(info.Name.LastIndexOf("--", StringComparison.Ordinal) + 2)..] : info.Name;
    }
}
