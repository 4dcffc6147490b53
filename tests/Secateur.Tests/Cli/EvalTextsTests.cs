using System.Text.Json;
using Secateur.Cli;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Datasets;
using Secateur.Kernels;
using Secateur.Models.Bert;
using Secateur.Models.Text;

namespace Secateur.Tests.Cli;

public sealed class EvalTextsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    /// <summary>The small encoder with three classes and a vocabulary of 120 pieces, and a table for it.</summary>
    public EvalTextsTests()
    {
        Directory.CreateDirectory(folder["net"]);
        File.Copy(Fixtures.Path("tiny-bert/model.safetensors"), folder["net/model.safetensors"]);
        File.Copy(Fixtures.Path("tiny-bert/config.json"), folder["net/config.json"]);
        File.WriteAllLines(folder["net/vocab.txt"], File.ReadLines(Fixtures.Path("text/cased-vocab.txt")).Take(120));
        File.WriteAllLines(folder["table.tsv"], ["sentence1\tsentence2\tlabel", .. Enumerable.Range(0, 30).Select(i => $"{Letters(i)}\t{Letters(i * 7)}\t{i % 3}")]);
    }

    static string Letters(int seed) => string.Join(' ', Enumerable.Range(0, 3 + (seed % 30)).Select(i => (char)('a' + (((i + 3) * (seed + 1)) % 26))));

    [Fact]
    public void Accuracy_tokens_and_rate_are_said()
    {
        Captured run = Eval("--per-class");
        Assert.Equal("", run.ExitCode == ExitCode.Done ? "" : run.Error);
        foreach (string said in (string[])["BertForSequenceClassification", "30 texts of table.tsv", "Tokens of a text", "texts a second", "accuracy", "class 2"])
            Assert.Contains(said, run.Out);
        Assert.All(run.Out.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void A_network_against_itself_is_no_difference()
    {
        JsonElement json = Json(Eval("--against", folder["net"], "--json"));
        Assert.Equal(1, json.GetProperty("agreement").GetDouble());
        Assert.Equal(0, json.GetProperty("divergence").GetDouble(), 1e-12);
        Assert.Equal(0, json.GetProperty("lost").GetDouble());
        Assert.False(json.GetProperty("differs").GetBoolean());
        Assert.Equal(1, json.GetProperty("macs").GetProperty("ratio").GetDouble());
        Assert.Contains("no difference in accuracy", Eval("--against", folder["net"]).Out.ReplaceLineEndings(" "));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 4)]
    [InlineData(3, 7)]
    [InlineData(2, 64)]
    public void Answers_depend_neither_on_threads_nor_on_chunks(int threads, int batch)
    {
        TextTable table = TextTable.Open(folder["table.tsv"], new() { Classes = 3 });
        Tokenizer tokenizer = Tokenizer.OpenFor(folder["net"]);
        using var pool = new Threads(threads);
        TextTransformer network = TextTransformer.Load(folder["net"], new() { Threads = pool });
        TextAnswers answers = new TextRun(network, tokenizer, table, batch).Run();
        for (int row = 0; row < table.Rows.Length; row++)
        {
            TextTokens tokens = tokenizer.Encode(table.Rows[row].Text, table.Rows[row].Pair, network.Config.LongestText);
            Assert.Equal(network.Run(TextBatch.Of([tokens])), answers.Of(row).ToArray());
            Assert.Equal(tokens.Ids.Length, answers.Tokens[row]);
        }

        Assert.Equal(table.Rows.Count(row => tokenizer.Encode(row.Text, row.Pair).Ids.Length > network.Config.LongestText), answers.Cut);
    }

    [Fact]
    public void Rows_that_cannot_be_used_are_named_and_counted()
    {
        File.AppendAllText(folder["table.tsv"], "broken\n");
        Captured refused = Eval("--max-bad", "0");
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains("line 32", refused.Error);
        Assert.Equal(1, Json(Eval("--max-bad", "1", "--json")).GetProperty("bad").GetInt32());
    }

    [Fact]
    public void What_does_not_go_together_is_said_in_one_line()
    {
        foreach ((string[] more, int code) in ((string[], int)[])[
            (["--plan", "tome-r8"], ExitCode.WrongUsage), (["--resize", "256"], ExitCode.WrongUsage), (["--labels", "labels.csv"], ExitCode.WrongUsage),
            (["--against", "scenes-vit"], ExitCode.BadInput), (["--text-column", "nothing"], ExitCode.BadInput)])
            Assert.Equal((code, 1), (Eval(more).ExitCode, Eval(more).Error.Count(c => c == '\n')));
        Assert.Equal(ExitCode.WrongUsage, Captured.Run("eval", "scenes-vit", "--data", "scenes:4", "--against", "scenes-vit").ExitCode);
        File.WriteAllText(folder["names.tsv"], "sentence\tlabel\na\tentailment\n");
        Captured unknown = Captured.Run("eval", folder["net"], "--data", folder["names.tsv"]);
        Assert.Equal(ExitCode.BadInput, unknown.ExitCode);
        Assert.Contains("'entailment' is no class of the network", unknown.Error);
        Assert.Null(Json(Captured.Run("eval", folder["net"], "--data", folder["names.tsv"], "--labels", "none", "--json")).GetProperty("accuracy").GetString());
    }

    [SkippableFact]
    public void The_real_network_reads_every_sentence_as_its_reference_and_is_right_714_times()
    {
        string network = RealData.Path("bert-sst2"), table = RealData.Path("sst2/test.tsv");
        JsonElement json = Json(Captured.Run("eval", network, "--data", table, "--json"));
        Assert.Equal((714, 872), (json.GetProperty("right").GetInt32(), json.GetProperty("texts").GetInt32()));
        Assert.Equal(714.0 / 872, json.GetProperty("accuracy").GetDouble());
        Assert.InRange(json.GetProperty("matthews").GetDouble(), 0.6, 0.7);
    }

    [SkippableFact]
    public void The_real_tokenizer_gives_the_ids_of_the_reference()
    {
        string network = RealData.Path("bert-sst2");
        TextTable table = TextTable.Open(RealData.Path("sst2/test.tsv"), new() { Classes = 2 });
        using var expected = Models.Checkpoints.SafetensorsFile.Open(Path.Combine(network, "expected-test.safetensors"));
        (string name, Models.Checkpoints.TensorInfo tensor) = expected.Tensors.First(one => one.Key.Contains("ids", StringComparison.Ordinal));
        var ids = new long[tensor.Length];
        expected.ReadInt64(name, ids);
        int longest = tensor.Shape[1];
        Tokenizer tokenizer = Tokenizer.OpenFor(network);
        Assert.Equal(872, table.Rows.Length);
        for (int row = 0; row < table.Rows.Length; row++)
            Assert.Equal(ids.Skip(row * longest).Take(longest), [.. tokenizer.Encode(table.Rows[row].Text, null, longest).Ids.Select(id => (long)id).Concat(Enumerable.Repeat(0L, longest)).Take(longest)]);
    }

    Captured Eval(params string[] more) => Captured.Run(["eval", folder["net"], "--data", folder["table.tsv"], .. more]);

    static JsonElement Json(Captured run)
    {
        Assert.Equal("", run.ExitCode == ExitCode.Done ? "" : run.Error);
        return JsonDocument.Parse(run.Out).RootElement;
    }

    public void Dispose() => folder.Dispose();
}
