using System.Text.Json;
using Secateur.Models.Checkpoints;

namespace Secateur.Models.Text;

/// <summary>Reads <c>tokenizer.json</c> (Hugging Face): a WordPiece model behind BERT's normaliser, or byte-level pairs. What it asks for beyond these
/// is refused by name: a text that is cut otherwise than in training gets wrong answers without any sign of it.</summary>
internal static class TokenizerJson
{
    /// <summary>Bytes of the longest file that is read.</summary>
    public const int MaximumLength = 64 << 20;

    const int LongestWord = 1000;

    /// <summary>Opens a file; null when there is none.</summary>
    /// <exception cref="CheckpointException">It is no tokenizer, or none that is understood.</exception>
    public static Tokenizer? TryOpen(string path)
    {
        if (ConfigFile.TryRead(path, MaximumLength) is not { } file)
            return null;
        ConfigFile model = file.Object("model") ?? throw file.Wrong("model", "absent", "an object");
        var vocabulary = new Vocabulary(path, (model.Object("vocab") ?? throw model.Wrong("vocab", "absent", "an object of pieces and ids")).WholeEntries(0, Vocabulary.Most - 1));
        List<AddedToken> added = Added(file, vocabulary);
        IPieces pieces = (model.Text("type") ?? (model.Has("merges") ? "BPE" : "WordPiece")) switch
        {
            "WordPiece" => Words(file, model, vocabulary, added),
            "BPE" => Pairs(file, model, vocabulary, added),
            string other => throw model.Wrong("type", $"\"{other}\"", "\"WordPiece\" or \"BPE\""),
        };
        return new(pieces, vocabulary.Size, added, TokenTemplateJson.Read(file.Object("post_processor"), vocabulary));
    }

    static WordPiece Words(ConfigFile file, ConfigFile model, Vocabulary vocabulary, List<AddedToken> added)
    {
        Require(file, "pre_tokenizer", "BertPreTokenizer");
        BertNormalizer normalizer = new(false, false, false, false);
        if (file.Object("normalizer") is { } one)
        {
            Require(file, "normalizer", "BertNormalizer");
            normalizer = new(one.Flag("clean_text") ?? true, one.Flag("handle_chinese_chars") ?? true, one.Flag("strip_accents"), one.Flag("lowercase") ?? true);
        }

        return new(vocabulary, normalizer, Unknown(model, vocabulary, added) ?? vocabulary.Require("[UNK]", "the unknown token"), model.Text("continuing_subword_prefix") ?? "##", model.Whole("max_input_chars_per_word", 1, LongestWord) ?? 100);
    }

    static BytePairs Pairs(ConfigFile file, ConfigFile model, Vocabulary vocabulary, List<AddedToken> added)
    {
        if (file.Has("normalizer"))
            throw file.Wrong("normalizer", file.Object("normalizer")?.Text("type") ?? "there", "none, as byte-level tokenizers have");
        foreach (string key in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
            if (model.Text(key) is { Length: > 0 } text)
                throw model.Wrong(key, $"\"{text}\"", "none, as byte-level tokenizers have");
        if (model.Flag("byte_fallback") ?? false)
            throw model.Wrong("byte_fallback", "true", "false, as byte-level tokenizers have");
        ConfigFile words = Require(file, "pre_tokenizer", "ByteLevel");
        if (!(words.Flag("use_regex") ?? true))
            throw words.Wrong("use_regex", "false", "true, which is GPT-2's way to cut words");
        return new(vocabulary, Merges(model), new(words.Flag("add_prefix_space") ?? true, model.Flag("ignore_merges") ?? false, Unknown(model, vocabulary, added)));
    }

    static int? Unknown(ConfigFile model, Vocabulary vocabulary, List<AddedToken> added) => model.Text("unk_token") is not { } unknown
        ? null
        : vocabulary.Find(unknown) ?? added.Find(token => token.Content == unknown)?.Id ?? vocabulary.Require(unknown, "the unknown token");

    static ConfigFile Require(ConfigFile file, string key, string type)
    {
        ConfigFile part = file.Object(key) ?? throw file.Wrong(key, "absent", $"a {type}");
        return part.Text("type") == type ? part : throw part.Wrong("type", $"\"{part.Text("type")}\"", $"\"{type}\"");
    }

    /// <summary>Pairs, written as two texts or as one with a space between.</summary>
    static IEnumerable<(string Left, string Right)> Merges(ConfigFile model)
    {
        foreach (IReadOnlyList<JsonElement> row in model.Rows("merges"))
        {
            string[] parts = row.Count == 1 ? model.TextOf(row[0], "merges").Split(' ') : [.. row.Select(part => model.TextOf(part, "merges"))];
            yield return parts is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : throw model.Wrong("merges", $"\"{Vocabulary.Short(string.Join(' ', parts))}\" at one place", "two pieces a merge");
        }
    }

    static List<AddedToken> Added(ConfigFile file, Vocabulary vocabulary)
    {
        var tokens = new List<AddedToken>();
        var contents = new HashSet<string>(StringComparer.Ordinal);
        var ids = new HashSet<int>();
        foreach (ConfigFile one in file.Objects("added_tokens"))
        {
            string content = one.Text("content") ?? throw one.Wrong("content", "absent", "text");
            int id = one.Whole("id", 0, Vocabulary.Most - 1) ?? throw one.Wrong("id", "absent", "a whole number");
            if (content.Length is 0 or > Vocabulary.LongestPiece)
                throw one.Wrong("content", $"of {content.Length} characters", $"1 to {Vocabulary.LongestPiece}");
            if (vocabulary.Find(content) is { } known ? known != id : vocabulary.IsTaken(id))
                throw one.Wrong("id", $"{id} for '{Vocabulary.Short(content)}'", "the one that the vocabulary has for it, or one that it does not use");
            if (!contents.Add(content) || !ids.Add(id))
                throw one.Wrong("content", $"'{Vocabulary.Short(content)}' with id {id}", "no text and no id twice");
            tokens.Add(new(content, id, one.Flag("lstrip") ?? false, one.Flag("rstrip") ?? false, one.Flag("single_word") ?? false, one.Flag("normalized") ?? !(one.Flag("special") ?? false)));
        }

        return tokens;
    }
}
