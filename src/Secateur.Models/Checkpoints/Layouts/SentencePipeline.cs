using Secateur.Models.Bert;

namespace Secateur.Models.Checkpoints.Layouts;

/// <summary>What the files of sentence-transformers add to an encoder: how its tokens are pooled, and whether the vector gets length one.</summary>
/// <param name="Pooling">Null where nothing says.</param>
/// <param name="Normalise">Whether the vector gets length one.</param>
/// <param name="LongestText">Tokens at most; null where nothing says.</param>
internal sealed record SentencePipeline(TextPooling? Pooling, bool Normalise, int? LongestText)
{
    /// <summary>Reads modules.json, 1_Pooling/config.json and sentence_bert_config.json, as far as they are there.</summary>
    /// <param name="folder">Where config.json is.</param>
    /// <exception cref="CheckpointException">They ask for something that cannot run here.</exception>
    public static SentencePipeline Read(string folder)
    {
        string file = Path.Combine(folder, "modules.json");
        ConfigFile[] modules = ConfigFile.TryReadList(file) ?? [];
        bool normalise = false;
        foreach (ConfigFile module in modules)
        {
            string type = module.Text("type") ?? "";
            switch (type[(type.LastIndexOf('.') + 1)..])
            {
                case "Transformer" when module.Text("path") is null or "":
                    break;
                case "Pooling" when module.Text("path") == "1_Pooling" && !normalise:
                    break;
                case "Normalize":
                    normalise = true;
                    break;
                default:
                    throw module.Wrong("type", $"\"{type}\" at \"{module.Text("path")}\"", "Transformer in this folder, Pooling at 1_Pooling, then at most Normalize");
            }
        }

        ConfigFile? pooling = ConfigFile.TryRead(Path.Combine(folder, "1_Pooling", "config.json"));
        if (pooling is null && modules.Any(module => module.Text("path") == "1_Pooling"))
            throw new CheckpointException($"{file}: it names 1_Pooling, but there is no 1_Pooling/config.json beside it.");
        return new(pooling is null ? null : PoolingOf(pooling), normalise, ConfigFile.TryRead(Path.Combine(folder, "sentence_bert_config.json"))?.Whole("max_seq_length", 1, 1 << 20));
    }

    static TextPooling PoolingOf(ConfigFile pooling)
    {
        string[] modes = [.. pooling.Keys.Where(key => key.StartsWith("pooling_mode_", StringComparison.Ordinal) && pooling.Flag(key) == true)];
        if (pooling.Text("pooling_mode") is { } mode)
            modes = [.. modes, $"pooling_mode_{mode}"];
        return modes switch
        {
            ["pooling_mode_cls_token"] or ["pooling_mode_cls"] => TextPooling.FirstToken,
            ["pooling_mode_mean_tokens"] or ["pooling_mode_mean"] => TextPooling.Mean,
            _ => throw pooling.Wrong("pooling_mode", modes.Length == 0 ? "nothing" : string.Join(", ", modes), "either pooling_mode_mean_tokens or pooling_mode_cls_token"),
        };
    }
}
