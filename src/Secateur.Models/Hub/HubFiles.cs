using Secateur.Models.Checkpoints;

namespace Secateur.Models.Hub;

/// <summary>Which files of a repository a network needs, and how they lie in the cache.</summary>
internal static class HubFiles
{
    /// <summary>Names which file holds which weight, where there are several.</summary>
    public const string Index = "model.safetensors.index.json";

    const string Single = "model.safetensors";

    /// <summary>Configuration, tokenizer and weights; where the weights are in several files, their index.</summary>
    /// <exception cref="HubException">There are no weights that can be read here.</exception>
    public static IEnumerable<string> Choose(string repository, HashSet<string> files)
    {
        string[] weights = files.Contains(Single) ? [Single]
            : files.Contains(Index) ? [Index]
            : [.. files.Where(file => file.EndsWith(".safetensors", StringComparison.Ordinal) && ShardedSafetensors.IsPlainName(file))];
        return weights.Length == 1
            ? new[] { "config.json", "preprocessor_config.json" }.Concat(TextFiles.Names).Where(files.Contains).Concat(weights)
            : throw new HubException($"{repository} has {(weights.Length == 0 ? "no safetensors files" : $"{weights.Length} safetensors files and no index")}; expected {Single} or {Index}. Its files: {string.Join(", ", files.Take(12))}.");
    }

    /// <summary>The files that an index names.</summary>
    /// <exception cref="HubException">It names one that lies elsewhere, or that the repository does not have.</exception>
    public static IReadOnlyList<string> Shards(string index, HashSet<string> files)
    {
        try
        {
            string[] shards = [.. (ConfigFile.TryRead(index)?.Object("weight_map")?.Entries() ?? []).Select(entry => entry.Value).Distinct()];
            return shards.FirstOrDefault(shard => !ShardedSafetensors.IsPlainName(shard) || !files.Contains(shard)) is { } stray
                ? throw new HubException($"{index} names the file '{stray}', which is none of the repository's safetensors files.")
                : shards;
        }
        catch (CheckpointException exception)
        {
            throw new HubException(exception.Message, exception);
        }
    }

    /// <summary>Makes a file of a snapshot: a relative link to its blob or, where links are not allowed, a copy.</summary>
    public static void Link(string link, string blob)
    {
        string folder = Path.GetDirectoryName(link)!, target = Path.GetRelativePath(folder, blob);
        Directory.CreateDirectory(folder);
        var info = new FileInfo(link);
        if (info.LinkTarget == target || (info.LinkTarget is null && info.Exists && info.Length == new FileInfo(blob).Length))
            return;
        File.Delete(link);
        try
        {
            File.CreateSymbolicLink(link, target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            File.Copy(blob, link, overwrite: true);
        }
    }
}
