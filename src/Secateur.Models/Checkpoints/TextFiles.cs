namespace Secateur.Models.Checkpoints;

/// <summary>What lies beside the weights of an encoder of texts and goes with them when they are saved: its configuration and its tokenizer.</summary>
/// <param name="Folder">Where; null where there is none.</param>
/// <param name="Config">config.json, or null.</param>
internal sealed record TextFiles(string? Folder, ConfigFile? Config)
{
    /// <summary>Files, below the folder, that a tokenizer or a pipeline of sentence-transformers may need.</summary>
    public static readonly string[] Names =
    [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.txt", "vocab.json", "merges.txt",
        "modules.json", "sentence_bert_config.json", "config_sentence_transformers.json", "1_Pooling/config.json",
    ];

    /// <summary>A network that came from no folder.</summary>
    public static TextFiles None { get; } = new(null, null);

    /// <summary>Copies what is there into another folder where no network of texts left any of it.</summary>
    /// <returns>False where others lie there, which stay.</returns>
    /// <exception cref="IOException">One cannot be read or written.</exception>
    public bool CopyToEmpty(string folder)
    {
        string[] there = [.. Names.Where(name => File.Exists(Path.Combine(folder, name)))];
        if (there.Length == 0)
            CopyTo(folder);
        return Folder is null || there.All(name => Path.Combine(Folder, name) is var own && File.Exists(own) && File.ReadAllBytes(own).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder, name))));
    }

    /// <summary>Copies what is there into another folder; each file appears whole. What an earlier network left there of these files goes, since a
    /// tokenizer.json would win over a vocab.txt, and another network's pooling over none.</summary>
    /// <exception cref="IOException">One cannot be read, written or removed.</exception>
    public void CopyTo(string folder)
    {
        if (Folder is null)
            return;
        foreach (string name in Names)
        {
            string from = Path.GetFullPath(Path.Combine(Folder, name)), to = Path.GetFullPath(Path.Combine(folder, name));
            if (from == to)
                continue;
            if (!File.Exists(from))
            {
                if (File.Exists(to))
                    File.Delete(to);
                continue;
            }

            using FileStream source = File.OpenRead(from);
            AtomicFile.Write(to, source.CopyTo);
        }
    }
}
