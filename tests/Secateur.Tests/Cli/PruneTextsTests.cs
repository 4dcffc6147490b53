using Secateur.Cli;
using Secateur.Evaluation.Profiling;

namespace Secateur.Tests.Cli;

public sealed class PruneTextsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Fact]
    public void Rows_that_cannot_be_used_are_counted_and_may_be_too_many()
    {
        string net = Take("tiny-bert"), table = Table("sentence\tlabel", "a b\t0", "b c\t1", "broken", "c d\t2");
        Captured refused = Prune(net, table);
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains("--max-bad", refused.Error);
        Captured run = Prune(net, table, "--max-bad", "1");
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.Contains("left out", run.Error);
        Assert.Contains("line 4", run.Error);
    }

    [Fact]
    public void Columns_can_be_named()
    {
        string net = Take("tiny-bert"), table = Table("words\tsense", "a b\t0", "b c\t1", "c d\t2");
        Assert.Contains("--text-column", Prune(net, table).Error);
        Captured run = Prune(net, table, "--text-column", "words", "--label-column", "sense");
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.Contains("right", run.Out);
    }

    [Theory]
    [InlineData("--labels", "labels.csv")]
    [InlineData("--resize", "256")]
    public void What_means_nothing_for_texts_is_refused(params string[] options) =>
        Assert.Equal(ExitCode.WrongUsage, Prune(Take("tiny-bert"), Table("sentence", "a b"), options).ExitCode);

    [Fact]
    public void What_means_nothing_for_pictures_is_refused() =>
        Assert.Equal(ExitCode.WrongUsage, Prune("scenes-vit", "scenes:2", "--text-column", "words").ExitCode);

    [Theory]
    [InlineData("text-networks/minilm-mean")]
    [InlineData("text-networks/bert-tokens")]
    public void Networks_that_answer_no_classes_of_texts_need_no_labels(string name)
    {
        Captured run = Prune(Take(name), Table("sentence\tlabel", "a b\tgood", "b c\t", "c d e\t-"));
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.DoesNotContain("left out", run.Error);
    }

    [Fact]
    public void A_tokenizer_of_another_network_is_bad_input()
    {
        string net = Take("tiny-bert");
        File.AppendAllLines(Path.Combine(net, "vocab.txt"), Enumerable.Range(0, 200).Select(i => $"word{i}"));
        Captured run = Prune(net, Table("sentence", "a b"));
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("belongs to another network", run.Error);
    }

    [Fact]
    public void A_network_whose_texts_have_no_room_is_bad_input()
    {
        string net = Take("tiny-bert");
        File.WriteAllText(Path.Combine(net, "sentence_bert_config.json"), "{\"max_seq_length\": 2}");
        Captured run = Prune(net, Table("sentence", "a b"));
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("max_seq_length", run.Error);
    }

    [Fact]
    public void Profiles_are_not_of_networks_that_read_texts()
    {
        LatencyProfileFile.Save(Profiling.Profiles.Small, folder["profile.json"]);
        Captured run = Captured.Run("prune", Take("tiny-bert"), "--latency", "0.5x", "--profile", folder["profile.json"], "--calibrate", Table("sentence", "a b"), "--scorer", "random", "--no-latency", "--dry-run");
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("leave --profile out", run.Error);
    }

    [Fact]
    public void The_tokenizer_of_an_earlier_network_does_not_stay()
    {
        string net = Take("tiny-bert"), output = Directory.CreateDirectory(folder["pruned"]).FullName;
        foreach (string stale in (string[])["tokenizer.json", "modules.json"])
            File.WriteAllText(Path.Combine(output, stale), "{}");
        Captured run = Captured.Run("prune", net, "--macs", "0.6x", "--calibrate", Table("sentence", "a b", "b c"), "--scorer", "random", "--no-latency", "-o", output);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.False(File.Exists(Path.Combine(output, "tokenizer.json")) || File.Exists(Path.Combine(output, "modules.json")));
        Assert.True(File.Exists(Path.Combine(output, "vocab.txt")));
    }

    [Fact]
    public void The_tokenizer_goes_along_with_an_onnx_file_but_for_where_another_one_lies()
    {
        string net = Take("tiny-bert"), table = Table("sentence", "a b", "b c");
        string[] prune = ["prune", net, "--macs", "0.6x", "--calibrate", table, "--scorer", "random", "--no-latency", "-o"];
        Directory.CreateDirectory(folder["graph"]);
        Assert.Equal(ExitCode.Done, Captured.Run([.. prune, folder["graph/small.onnx"]]).ExitCode);
        Assert.Equal(File.ReadAllText(Path.Combine(net, "vocab.txt")), File.ReadAllText(folder["graph/vocab.txt"]));
        File.WriteAllText(folder["graph/vocab.txt"], "another");
        Assert.Contains("another network's tokenizer", Captured.Run([.. prune, folder["graph/small.onnx"]]).Error);
        Assert.Equal("another", File.ReadAllText(folder["graph/vocab.txt"]));
    }

    [Fact]
    public void A_network_that_it_did_not_write_stays()
    {
        string net = Take("tiny-bert"), weights = Path.Combine(Directory.CreateDirectory(folder["other"]).FullName, "model.safetensors");
        File.WriteAllText(weights, "somebody's");
        Captured run = Captured.Run("prune", net, "--macs", "0.6x", "--calibrate", Table("sentence", "a b"), "--scorer", "random", "--no-latency", "-o", folder["other"]);
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Contains("was not written by secateur prune", run.Error);
        Assert.Equal("somebody's", File.ReadAllText(weights));
    }

    [Fact]
    public void The_pruned_one_is_timed_in_turn_with_the_dense_one_on_a_table()
    {
        string net = Take("tiny-bert"), table = Table("sentence", "a b", "b c d", "e");
        Assert.Equal(ExitCode.Done, Captured.Run("prune", net, "--macs", "0.6x", "--calibrate", table, "--scorer", "random", "--no-latency", "-o", folder["pruned"]).ExitCode);
        Captured run = Captured.Run("bench", net, "--against", folder["pruned"], "--data", table, "--batch", "1,2", "--rounds", "6", "--threads", "1", "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("table.tsv", run.Out);
        Assert.Equal(2, System.Text.Json.JsonDocument.Parse(run.Out).RootElement.GetProperty("series").GetArrayLength());
    }

    [Fact]
    public void The_network_is_found_behind_links_and_a_page_of_somebody_else_stays()
    {
        string net = Take("tiny-bert"), table = Table("sentence", "a b", "b c"), link = folder["link"], page = Path.Combine(Directory.CreateDirectory(folder["other"]).FullName, "README.md");
        if (!OperatingSystem.IsWindows()) // where links need rights
        {
            Directory.CreateSymbolicLink(link, net);
            Captured own = Captured.Run("prune", net, "--calibrate", table, "--scorer", "random", "--no-latency", "-o", link);
            Assert.Equal(ExitCode.WrongUsage, own.ExitCode);
            Assert.Contains("would replace it", own.Error);
        }

        File.WriteAllText(page, "# Mine");
        Captured run = Captured.Run("prune", net, "--calibrate", table, "--scorer", "random", "--no-latency", "-o", folder["other"]);
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Equal("# Mine", File.ReadAllText(page));

        // A card of our own is replaced.
        foreach (int _ in (int[])[1, 2])
            Assert.Equal(ExitCode.Done, Captured.Run("prune", net, "--macs", "0.6x", "--calibrate", table, "--scorer", "random", "--no-latency", "-o", folder["again"]).ExitCode);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>A network of the fixtures with a tokenizer of letters.</summary>
    string Take(string name)
    {
        string to = folder["net"], from = Fixtures.Path(name);
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (!copy.EndsWith("expected.safetensors", StringComparison.Ordinal) && !copy.EndsWith("optin.safetensors", StringComparison.Ordinal))
                File.Copy(file, copy, overwrite: true);
        }

        File.WriteAllLines(Path.Combine(to, "vocab.txt"), ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. "abcdefghijklmnop".Select(c => $"{c}")]);
        return to;
    }

    string Table(params string[] lines)
    {
        File.WriteAllLines(folder["table.tsv"], lines);
        return folder["table.tsv"];
    }

    static Captured Prune(string net, string data, params string[] options) =>
        Captured.Run(["prune", net, "--macs", "0.6x", "--calibrate", data, "--scorer", "random", "--no-latency", "--threads", "1", "--dry-run", .. options]);
}
