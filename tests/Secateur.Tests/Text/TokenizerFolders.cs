using System.Text.Json.Nodes;
using Secateur.Models.Text;

namespace Secateur.Tests.Text;

/// <summary>Folders with tokenizers of any settings, made from the small vocabularies among the fixtures.</summary>
internal static class TokenizerFolders
{
    /// <summary>A tokenizer.json of a BERT.</summary>
    /// <param name="vocabulary">A vocab.txt among the fixtures.</param>
    /// <param name="normalizer">Its settings, without the type.</param>
    public static JsonObject WordPiece(string vocabulary, JsonObject normalizer)
    {
        string[] pieces = File.ReadAllLines(Fixtures.Path($"text/{vocabulary}"));
        var ids = new JsonObject(pieces.Select((piece, i) => KeyValuePair.Create(piece, (JsonNode?)i)));
        normalizer["type"] = "BertNormalizer";
        return new()
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray([.. new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" }.Select(content => (JsonNode)new JsonObject
            {
                ["id"] = Array.IndexOf(pieces, content),
                ["content"] = content,
                ["normalized"] = false,
                ["special"] = true,
            })]),
            ["normalizer"] = normalizer,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "BertPreTokenizer" },
            ["post_processor"] = new JsonObject
            {
                ["type"] = "TemplateProcessing",
                ["single"] = new JsonArray(Special("[CLS]", 0), Text("A", 0), Special("[SEP]", 0)),
                ["pair"] = new JsonArray(Special("[CLS]", 0), Text("A", 0), Special("[SEP]", 0), Text("B", 1), Special("[SEP]", 1)),
                ["special_tokens"] = new JsonObject { ["[CLS]"] = Ids("[CLS]"), ["[SEP]"] = Ids("[SEP]") },
            },
            ["model"] = new JsonObject { ["type"] = "WordPiece", ["unk_token"] = "[UNK]", ["continuing_subword_prefix"] = "##", ["max_input_chars_per_word"] = 100, ["vocab"] = ids },
        };

        JsonObject Ids(string content) => new() { ["id"] = content, ["ids"] = new JsonArray(Array.IndexOf(pieces, content)), ["tokens"] = new JsonArray(content) };
        JsonObject Special(string content, int type) => new() { ["SpecialToken"] = new JsonObject { ["id"] = content, ["type_id"] = type } };
        JsonObject Text(string name, int type) => new() { ["Sequence"] = new JsonObject { ["id"] = name, ["type_id"] = type } };
    }

    /// <summary>The byte-level tokenizer.json among the fixtures.</summary>
    /// <param name="prefixSpace">Whether a text gets a space in front.</param>
    public static JsonObject ByteLevel(bool prefixSpace)
    {
        JsonObject json = JsonNode.Parse(File.ReadAllText(Fixtures.Path("text/byte-level/tokenizer.json")))!.AsObject();
        json["pre_tokenizer"]!["add_prefix_space"] = prefixSpace;
        return json;
    }

    /// <summary>Opens a tokenizer.json.</summary>
    public static Tokenizer Open(JsonNode json) => Open(json.ToJsonString());

    /// <summary>Opens a tokenizer.json.</summary>
    public static Tokenizer Open(string json)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["tokenizer.json"], json);
        return Tokenizer.Open(folder.Path);
    }

    /// <summary>Opens older files.</summary>
    /// <param name="config">The text of tokenizer_config.json; null for none.</param>
    /// <param name="files">Names, and fixtures below text/.</param>
    public static Tokenizer OpenFiles(string? config, params (string Name, string Fixture)[] files)
    {
        using var folder = new TemporaryFolder();
        foreach ((string name, string fixture) in files)
            File.Copy(Fixtures.Path($"text/{fixture}"), folder[name]);
        if (config is not null)
            File.WriteAllText(folder["tokenizer_config.json"], config);
        return Tokenizer.Open(folder.Path);
    }
}
