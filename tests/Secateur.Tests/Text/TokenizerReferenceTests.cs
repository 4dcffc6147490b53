using System.Text.Json.Nodes;
using Secateur.Models.Text;

namespace Secateur.Tests.Text;

/// <summary>Held against the Hugging Face tokenizers, line by line (Fixtures/text/README.md).</summary>
public sealed class TokenizerReferenceTests
{
    static readonly JsonArray Expected = JsonNode.Parse(File.ReadAllText(Fixtures.Path("text/expected.json")))!.AsArray();

    static readonly (string Text, string? Pair)[] Lines =
    [
        .. JsonNode.Parse(File.ReadAllText(Fixtures.Path("text/lines.json")))!.AsArray().Select(line => ((string)line![0]!, (string?)line[1])),
        (string.Concat(Enumerable.Repeat("Heads and neurons, ", 600))[..10000], null),
        (new('A', 10000), null),
        (string.Concat(Enumerable.Repeat("ab ", 3333)), new('é', 500)),
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Expected.Count)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Ids_are_the_reference_s(int index)
    {
        JsonObject one = Expected[index]!.AsObject();
        string kind = (string)one["kind"]!;
        Same(TokenizerFolders.Open(kind == "byte-level" ? TokenizerFolders.ByteLevel((bool)one["prefixSpace"]!) : TokenizerFolders.WordPiece(kind, one["normalizer"]!.DeepClone().AsObject())), one);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Older_files_give_the_same_ids(int index)
    {
        JsonObject one = Expected[index]!.AsObject();
        string kind = (string)one["kind"]!;
        if (kind == "byte-level")
        {
            Same(TokenizerFolders.OpenFiles($$"""{"add_prefix_space": {{one["prefixSpace"]!.ToJsonString()}}}""", ("vocab.json", "byte-level/vocab.json"), ("merges.txt", "byte-level/merges.txt")), one);
            return;
        }

        JsonNode normalizer = one["normalizer"]!;
        string config = new JsonObject
        {
            ["do_lower_case"] = (bool)normalizer["lowercase"]!,
            ["strip_accents"] = (bool?)normalizer["strip_accents"],
            ["tokenize_chinese_chars"] = (bool)normalizer["handle_chinese_chars"]!,
            ["tokenizer_class"] = "BertTokenizer",
            ["cls_token"] = new JsonObject { ["content"] = "[CLS]" },
        }.ToJsonString();
        Same(TokenizerFolders.OpenFiles(config, ("vocab.txt", kind)), one);
    }

    [Fact]
    public void Bert_uncased_is_the_reference_on_every_line_single_and_pair()
    {
        JsonNode expected = JsonNode.Parse(File.ReadAllText(Fixtures.Path("text/bert-uncased-expected.json")))!;
        Tokenizer tokenizer = TokenizerFolders.OpenFiles(null, ("vocab.txt", "bert-uncased-vocab.txt"));
        foreach (JsonNode? line in expected["single"]!.AsArray())
            Assert.Equal(Numbers(line!["ids"]!), tokenizer.Encode((string)line["text"]!).Ids);
        foreach (JsonNode? line in expected["pairs"]!.AsArray())
        {
            TextTokens tokens = tokenizer.Encode((string)line!["text"]!, (string)line["pair"]!);
            Assert.Equal(Numbers(line["ids"]!), tokens.Ids);
            Assert.Equal(Numbers(line["type_ids"]!), tokens.Types);
        }
    }

    static void Same(Tokenizer tokenizer, JsonObject expected)
    {
        JsonArray rows = expected["ids"]!.AsArray();
        Assert.Equal(Lines.Length, rows.Count);
        for (int i = 0; i < Lines.Length; i++)
        {
            TextTokens tokens = tokenizer.Encode(Lines[i].Text, Lines[i].Pair);
            string where = $"line {i}: ";
            if (rows[i] is JsonArray ids)
                Assert.Equal(where + ids.ToJsonString(), $"{where}[{string.Join(',', tokens.Ids)}]");
            else
                Assert.Equal(((int)rows[i]!["count"]!, (long)rows[i]!["remainder"]!), (tokens.Ids.Length, tokens.Ids.Aggregate(0L, (sum, id) => ((sum * 31) + id) % 1000000007)));
        }
    }

    static IEnumerable<int> Numbers(JsonNode array) => array.AsArray().Select(number => (int)number!);
}
