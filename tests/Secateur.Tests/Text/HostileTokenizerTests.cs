using System.Text;
using System.Text.Json.Nodes;
using Secateur.Models.Checkpoints;
using Secateur.Models.Text;

namespace Secateur.Tests.Text;

public sealed class HostileTokenizerTests
{
    static JsonObject Words => TokenizerFolders.WordPiece("cased-vocab.txt", new() { ["lowercase"] = true });

    static JsonObject Bytes => TokenizerFolders.ByteLevel(false);

    public static TheoryData<string, string> Changes => new()
    {
        { "model/type", "\"Unigram\"" },
        { "model/vocab", "[]" },
        { "model/vocab", "{}" },
        { "model/vocab/[UNK]", "-1" },
        { "model/vocab/[UNK]", "99999999" },
        { "model/vocab/[UNK]", "1.5" },
        { "model/vocab/[UNK]", "\"1\"" },
        { "model/vocab/[UNK]", "7" }, // taken
        { "model/unk_token", "\"[NOTHING]\"" },
        { "model/max_input_chars_per_word", "1000000000" },
        { "normalizer/type", "\"NFKC\"" },
        { "normalizer/lowercase", "1" },
        { "pre_tokenizer", "null" },
        { "pre_tokenizer/type", "\"Whitespace\"" },
        { "post_processor/type", "\"Other\"" },
        { "post_processor/single", "[]" },
        { "post_processor/single/0", "{\"SpecialToken\": {\"id\": \"[NOPE]\", \"type_id\": 0}}" },
        { "post_processor/single/0", "{}" },
        { "post_processor/pair/3/Sequence/id", "\"A\"" },
        { "post_processor/pair/3/Sequence/type_id", "2" },
        { "post_processor/special_tokens/[CLS]/ids", "[-1]" },
        { "post_processor/special_tokens/[CLS]/ids", "[]" },
        { "added_tokens/0/id", "1" },
        { "added_tokens/0/content", "\"\"" },
        { "added_tokens/0/content", "7" },
        { "added_tokens", "{}" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_wrong_part_is_one_error_that_names_the_file(string path, string value) => Refused(Changed(Words, path, value));

    [Theory]
    [InlineData("normalizer", "{\"type\": \"NFC\"}")]
    [InlineData("pre_tokenizer/type", "\"Metaspace\"")]
    [InlineData("pre_tokenizer/use_regex", "false")]
    [InlineData("model/byte_fallback", "true")]
    [InlineData("model/end_of_word_suffix", "\"</w>\"")]
    [InlineData("model/merges/0", "\"one\"")]
    [InlineData("model/merges/0", "\"a b c\"")]
    [InlineData("model/merges/0", "[\"a\", 1]")]
    [InlineData("model/merges/0", "\"q zzzz\"")]
    [InlineData("model/merges", "7")]
    [InlineData("post_processor/cls", "[\"<s>\"]")]
    [InlineData("post_processor/cls", "[\"<s>\", \"0\"]")]
    public void A_wrong_part_of_a_byte_level_tokenizer_is_one_error(string path, string value) => Refused(Changed(Bytes, path, value));

    [Fact]
    public void A_merge_that_is_there_twice_is_refused()
    {
        JsonObject json = Bytes;
        json["model"]!["merges"]!.AsArray().Add(json["model"]!["merges"]![0]!.DeepClone());
        Refused(json.ToJsonString());
    }

    [Fact]
    public void Files_without_special_tokens_or_with_a_piece_twice_are_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("there is no tokenizer", Assert.Throws<CheckpointException>(() => Tokenizer.Open(folder.Path)).Message, StringComparison.Ordinal);
        File.WriteAllText(folder["vocab.txt"], "[PAD]\n[UNK]\n[SEP]\na\n");
        Assert.Contains("[CLS]", Assert.Throws<CheckpointException>(() => Tokenizer.Open(folder.Path)).Message, StringComparison.Ordinal);
        File.WriteAllText(folder["vocab.txt"], "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\na\n");
        Assert.Contains("'a' is there twice", Assert.Throws<CheckpointException>(() => Tokenizer.Open(folder.Path)).Message, StringComparison.Ordinal);
        File.WriteAllText(folder["vocab.txt"], "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n");
        Assert.Equal(5, Tokenizer.Open(folder.Path).Size);
        File.WriteAllText(folder["tokenizer_config.json"], """{"tokenizer_class": "MPNetTokenizer"}""");
        Assert.Contains("MPNetTokenizer", Assert.Throws<CheckpointException>(() => Tokenizer.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Damaged_tokenizers_give_one_error_or_still_encode(bool bytes)
    {
        JsonObject small = bytes ? Bytes : Words;
        if (bytes)
            while (small["model"]!["merges"]!.AsArray().Count > 40)
                small["model"]!["merges"]!.AsArray().RemoveAt(40);
        byte[] whole = Encoding.UTF8.GetBytes(small.ToJsonString());
        var random = new Random(3);
        using var folder = new TemporaryFolder();
        for (int round = 0; round < Fuzz.Rounds(200); round++)
        {
            byte[] damaged = (byte[])whole.Clone();

            // Most of a file is vocabulary; the interesting parts are at the ends.
            for (int i = random.Next(1, 4); i > 0; i--)
                damaged[random.Next(2) == 0 ? random.Next(damaged.Length) : random.Next(Math.Min(2200, damaged.Length))] = (byte)(random.Next(4) switch { 0 => '"', 1 => random.Next('0', ':'), 2 => '\\', _ => random.Next(256) });
            File.WriteAllBytes(folder["tokenizer.json"], random.Next(10) == 0 ? damaged[..random.Next(damaged.Length)] : damaged);
            try
            {
                Tokenizer tokenizer = Tokenizer.Open(folder.Path);
                TextTokens tokens = tokenizer.Encode("Heads [MASK] and <mask> neurons, naïve 中文 \uD800", "a pair", 16);
                Assert.InRange(tokens.Ids.Length, 0, 16);
                Assert.Equal(tokens.Ids.Length, tokens.Types.Length);
            }
            catch (CheckpointException e)
            {
                Assert.Contains("tokenizer.json", e.Message, StringComparison.Ordinal);
            }
        }
    }

    static string Changed(JsonObject json, string path, string value)
    {
        string[] keys = path.Split('/');
        JsonNode node = json;
        foreach (string key in keys[..^1])
            node = node is JsonArray array ? array[int.Parse(key, null)]! : node[key]!;
        if (node is JsonArray last)
            last[int.Parse(keys[^1], null)] = JsonNode.Parse(value);
        else
            node[keys[^1]] = JsonNode.Parse(value);
        return json.ToJsonString();
    }

    static void Refused(string json) =>
        Assert.Contains("tokenizer.json", Assert.Throws<CheckpointException>(() => TokenizerFolders.Open(json)).Message, StringComparison.Ordinal);
}
