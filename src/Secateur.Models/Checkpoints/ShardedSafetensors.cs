namespace Secateur.Models.Checkpoints;

/// <summary>The safetensors files that an index (<c>model.safetensors.index.json</c>) names, as one.</summary>
internal sealed class ShardedSafetensors : ITensorSource, IDisposable
{
    const int MaximumShards = 1000;

    readonly Dictionary<string, SafetensorsFile> shards = [];
    readonly Dictionary<string, SafetensorsFile> places = [];
    readonly Dictionary<string, TensorInfo> tensors = [];

    /// <summary>Opens all files.</summary>
    /// <param name="indexPath">The index; its files lie beside it.</param>
    /// <exception cref="CheckpointException">The index is no such index, names a file elsewhere, or a weight is not where it says.</exception>
    public ShardedSafetensors(string indexPath)
    {
        Path = indexPath;
        try
        {
            ConfigFile map = ConfigFile.TryRead(indexPath)?.Object("weight_map")
                ?? throw new CheckpointException($"{indexPath}: there is no 'weight_map', which says which file holds which weight.");
            string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(indexPath))!;
            foreach ((string name, string file) in map.Entries())
            {
                if (!shards.TryGetValue(file, out SafetensorsFile? shard))
                {
                    if (!IsPlainName(file) || shards.Count == MaximumShards)
                        throw new CheckpointException($"{indexPath}: the weight '{name}' lies in '{file}'; expected one of at most {MaximumShards} safetensors files beside the index.");
                    shards.Add(file, shard = SafetensorsFile.Open(System.IO.Path.Combine(folder, file)));
                }

                if (!shard.Tensors.TryGetValue(name, out TensorInfo? info))
                    throw new CheckpointException($"{shard.Path}: there is no weight '{name}', though {System.IO.Path.GetFileName(indexPath)} says so.");
                tensors.Add(name, info);
                places.Add(name, shard);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>The files, each once.</summary>
    public IEnumerable<string> Files => shards.Values.Select(shard => shard.Path);

    public IReadOnlyDictionary<string, TensorInfo> Tensors => tensors;

    public void Read(string name, Span<float> destination)
    {
        if (!places.TryGetValue(name, out SafetensorsFile? shard))
            throw new CheckpointException($"{Path}: there is no weight '{name}'.");
        shard.Read(name, destination);
    }

    public void Dispose()
    {
        foreach (SafetensorsFile shard in shards.Values)
            shard.Dispose();
    }

    /// <summary>A name in this folder and of this format: nothing that leads elsewhere.</summary>
    public static bool IsPlainName(string file) =>
        file.EndsWith(".safetensors", StringComparison.Ordinal) && !file.StartsWith('.') && !file.Any(letter => letter is '/' or '\\' or ':' || char.IsControl(letter));
}
