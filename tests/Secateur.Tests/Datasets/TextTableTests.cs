using System.Text;
using Secateur.Evaluation.Datasets;
using Secateur.Models.Text;
using Secateur.Tests.Text;

namespace Secateur.Tests.Datasets;

public sealed class TextTableTests
{
    static readonly TextTableOptions Two = new() { Classes = 2, ClassNames = ["negative", "positive"] };

    [Fact]
    public void Sst2_is_a_sentence_and_a_label()
    {
        TextTable table = Read("sentence\tlabel\nit 's \"charming\" \t1\nbleak\t0\n", Two);
        Assert.True(table.Labelled);
        Assert.Equal([new(2, "it 's \"charming\" ", null, 1), new TextRow(3, "bleak", null, 0)], table.Rows.AsEnumerable());
        Assert.Empty(table.Bad);
    }

    [Theory]
    [InlineData("index\tsentence1\tsentence2\tgold_label", "7\ta\tb\tpositive")] // MNLI's names
    [InlineData("index\tquestion\tsentence\tlabel", "0\ta\tb\tpositive")] // QNLI
    [InlineData("id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate", "1\t2\t3\ta\tb\t1")] // QQP
    [InlineData("\uFEFFQuality\t#1 ID\t#2 ID\t#1 String\t#2 String", "1\t10\t11\ta\tb")] // MRPC
    public void Pairs_are_known_by_their_headers(string header, string row)
    {
        TextTable table = Read($"{header}\r\n{row}\r\n", Two);
        Assert.Equal([new TextRow(2, "a", "b", 1)], table.Rows.AsEnumerable());
    }

    [Fact]
    public void Sts_b_has_scores()
    {
        TextTable table = Read("index\tgenre\tsentence1\tsentence2\tscore\n0\tnews\ta\tb\t3.800\n1\tnews\tc\td\tnan\n", new());
        Assert.Equal([new TextRow(2, "a", "b", 3.8)], table.Rows.AsEnumerable());
        Assert.Contains("line 3: the label is 'nan'", Assert.Single(table.Bad).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void CoLa_has_no_header()
    {
        TextTable table = Read("gj04\t1\t\tFriends, let's go.\nks08\t0\t*\tThem went.\n", new() { Classes = 2 });
        Assert.Equal([new TextRow(1, "Friends, let's go.", null, 1), new TextRow(2, "Them went.", null, 0)], table.Rows.AsEnumerable());
    }

    [Fact]
    public void Classes_are_matched_by_name_whatever_their_order_in_the_network()
    {
        const string Table = "premise\thypothesis\tlabel\na\tb\tentailment\nc\td\tneutral\ne\tf\tcontradiction\n";
        Assert.Equal([2, 1, 0], Read(Table, new() { Classes = 3, ClassNames = ["CONTRADICTION", "NEUTRAL", "ENTAILMENT"] }).Rows.Select(row => row.Label));
        Assert.Equal([0, 1, 2], Read(Table, new() { Classes = 3, ClassNames = ["entailment", "neutral", "contradiction"] }).Rows.Select(row => row.Label));
        Assert.Equal([0, 1], Read("sentence1\tsentence2\tlabel\na\tb\tentailment\nc\td\tnot_entailment\n", new() { Classes = 2, ClassNames = ["entailment", "not_entailment"] }).Rows.Select(row => row.Label));
    }

    [Theory]
    [InlineData("entailment")] // the network does not name its classes
    [InlineData("2")]
    public void A_label_that_is_no_class_of_the_network_is_refused(string label)
    {
        Assert.Throws<InvalidDataException>(() => Read($"sentence\tlabel\na\t0\nb\t{label}\n", new() { Classes = 2, ClassNames = ["LABEL_0", "LABEL_1"] }));
    }

    [Fact]
    public void Columns_can_be_named_or_numbered()
    {
        Assert.Equal([new TextRow(2, "x", null, 1)], Read("sentence\tother\tmood\na\tx\t1\n", Two with { TextColumn = "other", LabelColumn = "mood" }).Rows.AsEnumerable());
        Assert.Equal([new TextRow(1, "a", "x", 1)], Read("a\tx\t1\n", Two with { TextColumn = "1", PairColumn = "2", LabelColumn = "3" }).Rows.AsEnumerable());
        Assert.False(Read("sentence\tlabel\na\t1\n", Two with { LabelColumn = TextTableOptions.NoLabels }).Labelled);
        Assert.Throws<InvalidDataException>(() => Read("sentence\tlabel\na\t1\n", Two with { TextColumn = "words" }));
        Assert.Throws<InvalidDataException>(() => Read("one\ttwo\na\t1\n", Two));
    }

    [Fact]
    public void Rows_that_cannot_be_used_are_named_and_the_others_kept()
    {
        TextTable table = Read("sentence1\tsentence2\tgold_label\na\tb\t1\nc\nd\te\t-\n\nf\tg\t0\n", Two);
        Assert.Equal([2, 6], table.Rows.Select(row => row.Line));
        Assert.Equal([3, 4], table.Bad.Select(row => row.Line));
        Assert.Contains("line 3: there are 1 columns; expected 3", table.Bad[0].Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_that_were_kept_back_are_no_labels()
    {
        Assert.False(Read("sentence\tlabel\na\t-1\nb\t-1\n", Two).Labelled);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("sentence\tlabel\n")]
    [InlineData("sentence\tlabel\nonly one column\n")]
    public void A_table_without_rows_is_refused(string text) => Assert.Throws<InvalidDataException>(() => Read(text, Two));

    [Fact]
    public void A_sample_is_spread_evenly_and_the_same_each_time()
    {
        TextTable table = Read("sentence\n" + string.Concat(Enumerable.Range(0, 10).Select(i => $"text {i}\n")), new());
        Assert.Equal([0, 2, 5, 7], table.Spread(4).AsEnumerable());
        Assert.Equal(Enumerable.Range(0, 10), table.Spread(100).AsEnumerable());
        Tokenizer tokenizer = TokenizerFolders.OpenFiles(null, ("vocab.txt", "cased-vocab.txt"));
        Assert.Equal(tokenizer.Encode("text 5").Ids, table.Encode(table.Spread(4), tokenizer, 99)[2].Ids.AsEnumerable());
    }

    [Fact]
    public void Damaged_tables_give_one_clear_error_or_rows()
    {
        byte[] whole = Encoding.UTF8.GetBytes("index\tsentence1\tsentence2\tgold_label\n0\tone\ttwo\tpositive\n1\tthree\tfour\tnegative\n2\tfive\tsix\t-\n");
        var random = new Random(5);
        using var folder = new TemporaryFolder();
        for (int round = 0; round < Fuzz.Rounds(300); round++)
        {
            byte[] damaged = (byte[])whole.Clone();
            for (int i = random.Next(1, 6); i > 0; i--)
                damaged[random.Next(damaged.Length)] = (byte)(random.Next(3) switch { 0 => '\t', 1 => '\n', _ => random.Next(256) });
            File.WriteAllBytes(folder["t.tsv"], damaged[..random.Next(damaged.Length + 1)]);
            try
            {
                TextTable table = TextTable.Open(folder["t.tsv"], Two);
                Assert.NotEmpty(table.Rows);
                Assert.All(table.Rows, row => Assert.True(!table.Labelled || row.Label is 0 or 1));
            }
            catch (InvalidDataException e)
            {
                Assert.Contains("t.tsv", e.Message, StringComparison.Ordinal);
            }
        }
    }

    static TextTable Read(string text, TextTableOptions options)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["table.tsv"], text, new UTF8Encoding(false));
        return TextTable.Open(folder["table.tsv"], options);
    }
}
