using System.Text.Json.Nodes;
using Secateur.Models.Text;

namespace Secateur.Tests.Text;

public sealed class TokenizerTests
{
    static readonly JsonObject Usual = new() { ["clean_text"] = true, ["handle_chinese_chars"] = true, ["strip_accents"] = null, ["lowercase"] = true };

    static readonly Tokenizer Words = TokenizerFolders.OpenFiles(null, ("vocab.txt", "cased-vocab.txt"));

    static readonly Tokenizer Bytes = TokenizerFolders.Open(TokenizerFolders.ByteLevel(prefixSpace: false));

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(7, 5)]
    [InlineData(99, 20)]
    public void A_text_is_cut_at_its_end_and_keeps_its_special_tokens(int longest, int kept)
    {
        TextTokens whole = Words.Encode("a b c d e f g h i j k l m n o p q r s t"), cut = Words.Encode("a b c d e f g h i j k l m n o p q r s t", longest: longest);
        Assert.Equal([whole.Ids[0], .. whole.Ids.Skip(1).Take(kept), whole.Ids[^1]], cut.Ids.AsEnumerable());
        Assert.Throws<ArgumentOutOfRangeException>(() => Words.Encode("a", longest: 1));
    }

    [Fact]
    public void The_ids_of_a_template_count_as_ids_of_the_tokenizer()
    {
        JsonObject json = TokenizerFolders.WordPiece("cased-vocab.txt", (JsonObject)Usual.DeepClone());
        json["post_processor"]!["special_tokens"]!["[SEP]"]!["ids"] = new JsonArray(5000);
        Assert.Equal(5001, TokenizerFolders.Open(json).Size);
    }

    [Theory]
    [InlineData(10, 10, 23, 10, 10)]
    [InlineData(10, 10, 13, 5, 5)]
    [InlineData(10, 10, 14, 5, 6)] // the odd one goes to the second of two that are as long
    [InlineData(10, 3, 13, 7, 3)]
    [InlineData(3, 10, 13, 3, 7)]
    [InlineData(10, 6, 12, 5, 4)]
    [InlineData(10, 6, 3, 0, 0)]
    public void Of_two_texts_the_longer_is_cut_first(int first, int second, int longest, int firstKept, int secondKept)
    {
        TextTokens tokens = Words.Encode(Letters('a', first), Letters('b', second), longest);
        Assert.Equal(firstKept, tokens.Ids.Count(id => id == Words.Encode("a").Ids[1]));
        Assert.Equal(secondKept, tokens.Ids.Count(id => id == Words.Encode("b").Ids[1]));
        Assert.Equal([.. Enumerable.Repeat(0, firstKept + 2), .. Enumerable.Repeat(1, secondKept + 1)], tokens.Types.AsEnumerable());
    }

    static string Letters(char letter, int count) => string.Join(' ', Enumerable.Repeat(letter, count));

    [Fact]
    public void Lone_surrogates_are_the_replacement_character()
    {
        Assert.Equal(Words.Encode("a b").Ids, Words.Encode("a\uD800 b\uDC00").Ids.AsEnumerable());
        Assert.Equal(Bytes.Encode("a\uFFFD b").Ids, Bytes.Encode("a\uD83D b").Ids.AsEnumerable());
    }

    [Fact]
    public void Ideographs_beyond_the_basic_plane_are_words_of_their_own()
    {
        // As BERT's released code has it; the tokenizers for JavaScript look at halves of them, and join them.
        Assert.Equal(2 + 2, Words.Encode("\U00020000\U00020001").Ids.Length);
    }

    [Fact]
    public void Accents_are_stripped_without_the_culture_data_that_string_Normalize_needs()
    {
        Tokenizer bert = TokenizerFolders.OpenFiles(null, ("vocab.txt", "bert-uncased-vocab.txt"));
        Assert.Equal(bert.Encode("angstrom resume u").Ids, bert.Encode("Ångström résumé ǜ").Ids.AsEnumerable());
        Assert.Equal(bert.Encode("\u1112\u1161\u11AB").Ids, bert.Encode("한").Ids.AsEnumerable());
    }

    [Fact]
    public void An_added_token_may_ask_for_a_word_of_its_own_and_swallow_spaces()
    {
        JsonObject json = TokenizerFolders.WordPiece("cased-vocab.txt", Usual.DeepClone().AsObject());
        int size = json["model"]!["vocab"]!.AsObject().Count;
        json["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = size, ["content"] = "NEW", ["single_word"] = true, ["rstrip"] = true, ["special"] = false, ["normalized"] = true });
        Tokenizer tokenizer = TokenizerFolders.Open(json);
        Assert.Equal(size + 1, tokenizer.Size);
        Assert.Contains(size, tokenizer.Encode("a new  b").Ids);
        Assert.DoesNotContain(size, tokenizer.Encode("anew b newer new_").Ids);
    }

    [Fact]
    public void A_million_letters_without_a_space_take_no_time_that_grows_with_their_square()
    {
        // 10^12 steps would never end.
        Assert.Equal([Words.Encode("").Ids[0], Words.Encode(new string('x', 101)).Ids[1], Words.Encode("").Ids[^1]], Words.Encode(new('e', 1_000_000)).Ids.AsEnumerable());
        Assert.InRange(Bytes.Encode(new('e', 1_000_000)).Ids.Length, 1000, 1_000_002);
        Assert.InRange(Bytes.Encode(string.Concat(Enumerable.Repeat("the", 300_000))).Ids.Length, 1000, 1_000_002);
    }

    [Fact]
    public void Byte_level_ids_hold_every_byte()
    {
        var pieces = JsonNode.Parse(File.ReadAllText(Fixtures.Path("text/byte-level/vocab.json")))!.AsObject().ToDictionary(pair => (int)pair.Value!, pair => pair.Key);
        var random = new Random(11);
        for (int round = 0; round < 100; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => char.ConvertFromUtf32(random.Next(4) switch { 0 => random.Next(32, 127), 1 => random.Next(9, 14), 2 => random.Next(0xA0, 0x3000), _ => random.Next(0x1F000, 0x1FAFF) })));
            string letters = string.Concat(Bytes.Encode(text).Ids[1..^1].Select(id => pieces[id]));
            Assert.Equal(string.Concat(System.Text.Encoding.UTF8.GetBytes(text).Select(ByteLetters.Of)), letters);
        }
    }
}
