using Secateur.Models.Checkpoints;

namespace Secateur.Models.Text;

/// <summary>Reads the vocabularies of older checkpoints: <c>vocab.txt</c>, one piece a line, or <c>vocab.json</c> with <c>merges.txt</c>; what
/// <c>tokenizer_config.json</c> does not say is as BERT and RoBERTa were released.</summary>
internal static class VocabularyFiles
{
    static readonly string[] BertKinds = ["Bert", "DistilBert", "Electra", "MobileBert"], RobertaKinds = ["Roberta", "Bart"];

    /// <summary>Opens what a folder holds; null when it holds neither.</summary>
    /// <exception cref="CheckpointException">A file cannot be used.</exception>
    public static Tokenizer? TryOpen(string folder)
    {
        string words = Path.Combine(folder, "vocab.txt"), pieces = Path.Combine(folder, "vocab.json"), merges = Path.Combine(folder, "merges.txt");
        ConfigFile? config = ConfigFile.TryRead(Path.Combine(folder, "tokenizer_config.json"));
        return File.Exists(words) ? Words(words, config) : File.Exists(pieces) && File.Exists(merges) ? Pairs(pieces, merges, config) : null;
    }

    static Tokenizer Words(string path, ConfigFile? config)
    {
        RequireKind(config, BertKinds);
        var vocabulary = new Vocabulary(path, Lines(path).Select((line, i) => KeyValuePair.Create(line, i)));
        int unknown = Special(config, vocabulary, "unk_token", "[UNK]"), cls = Special(config, vocabulary, "cls_token", "[CLS]"), sep = Special(config, vocabulary, "sep_token", "[SEP]");
        var normalizer = new BertNormalizer(true, config?.Flag("tokenize_chinese_chars") ?? true, config?.Flag("strip_accents"), config?.Flag("do_lower_case") ?? true);
        AddedToken[] added = [.. Named(config, [("unk_token", "[UNK]"), ("cls_token", "[CLS]"), ("sep_token", "[SEP]"), ("pad_token", "[PAD]"), ("mask_token", "[MASK]")])
            .Where(name => vocabulary.Find(name) is not null).Select(name => new AddedToken(name, vocabulary.Find(name)!.Value))];
        return new(new WordPiece(vocabulary, normalizer, unknown, "##", 100), vocabulary.Size, added, TokenTemplate.Bert(cls, sep));
    }

    static Tokenizer Pairs(string path, string mergesPath, ConfigFile? config)
    {
        RequireKind(config, RobertaKinds);
        var vocabulary = new Vocabulary(path, ConfigFile.TryRead(path, TokenizerJson.MaximumLength)!.WholeEntries(0, Vocabulary.Most - 1));
        int unknown = Special(config, vocabulary, "unk_token", "<unk>"), cls = Special(config, vocabulary, "cls_token", "<s>"), sep = Special(config, vocabulary, "sep_token", "</s>");
        var pieces = new BytePairs(vocabulary, Merges(mergesPath), new(config?.Flag("add_prefix_space") ?? false, false, unknown));
        string mask = Name(config, "mask_token", "<mask>");
        AddedToken[] added = [.. Named(config, [("unk_token", "<unk>"), ("cls_token", "<s>"), ("sep_token", "</s>"), ("pad_token", "<pad>"), ("mask_token", "<mask>")])
            .Where(name => vocabulary.Find(name) is not null).Select(name => new AddedToken(name, vocabulary.Find(name)!.Value, StripLeft: name == mask))];
        return new(pieces, vocabulary.Size, added, TokenTemplate.Roberta(cls, sep));
    }

    static void RequireKind(ConfigFile? config, string[] kinds)
    {
        if (config?.Text("tokenizer_class") is { } name && !kinds.Any(kind => name == $"{kind}Tokenizer" || name == $"{kind}TokenizerFast"))
            throw config.Wrong("tokenizer_class", $"\"{Vocabulary.Short(name)}\"", $"{string.Join(", ", kinds.Select(kind => $"{kind}Tokenizer"))}; of other tokenizers, only a tokenizer.json is read");
    }

    static IEnumerable<string> Named(ConfigFile? config, (string Key, string Usual)[] keys) => keys.Select(key => Name(config, key.Key, key.Usual)).Distinct(StringComparer.Ordinal);

    static int Special(ConfigFile? config, Vocabulary vocabulary, string key, string usual) => vocabulary.Require(Name(config, key, usual), $"the {key}");

    /// <summary>A special token's name, written as text or as an object with its content.</summary>
    static string Name(ConfigFile? config, string key, string usual) =>
        (config is null || !config.Has(key) ? null : config.IsObject(key) ? config.Object(key)!.Text("content") : config.Text(key)) ?? usual;

    static IEnumerable<(string Left, string Right)> Merges(string path)
    {
        int number = 0;
        foreach (string line in Lines(path))
        {
            number++;
            if ((number == 1 && line.StartsWith("#version", StringComparison.Ordinal)) || line.Length == 0)
                continue;
            yield return line.Split(' ') is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : throw new CheckpointException($"{path}: line {number} is '{Vocabulary.Short(line)}'; expected two pieces with a space between.");
        }
    }

    static IEnumerable<string> Lines(string path)
    {
        long length = new FileInfo(path).Length;
        if (length > TokenizerJson.MaximumLength)
            throw new CheckpointException($"{path}: the file has {length} bytes; expected at most {TokenizerJson.MaximumLength}.");
        using var reader = new StreamReader(path);
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
