using System.Text.Json;
using Secateur.Cli;
using Secateur.Evaluation.Profiling;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Tests.Cli;

public sealed class PruneCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Fact]
    public void A_pruned_network_is_an_ordinary_checkpoint_within_the_budget_with_a_card()
    {
        Captured run = Prune("--macs", "0.5x", "--check", "scenes:8", "-o", folder["pruned"]);
        Assert.Equal((ExitCode.Done, $"secateur: the pruned network is in {folder["pruned"]}\n"), (run.ExitCode, run.Error));
        Assert.All(["parameters", "multiply-adds", "weights on disk", "same answer as dense", "heads", "neurons", "right"], word => Assert.Contains(word, run.Out));
        Assert.All(run.Out.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80 || line.Contains("at 0.5x", StringComparison.Ordinal), line));
        VisionTransformer dense = Network.Load("scenes-vit", 1), pruned = VisionTransformer.Load(folder["pruned"]);
        Assert.InRange((double)MacCounter.Count(pruned, TokenPlan.Dense).Total / MacCounter.Count(dense, TokenPlan.Dense).Total, 0.45, 0.5);
        Assert.Contains("Nothing was trained again", File.ReadAllText(Path.Combine(folder["pruned"], "README.md")));
    }

    [Fact]
    public void A_budget_of_time_is_spent_by_what_was_measured()
    {
        Assert.Equal(ExitCode.Done, Captured.Run("profile", "scenes-vit", "-o", folder["profile.json"], "--stride", "98", "--rounds", "2", "--threads", "1", "--widths").ExitCode);
        Captured run = Prune("--latency", "0.6x", "--profile", folder["profile.json"], "-o", folder["faster"]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.Contains("latency-aware", File.ReadAllText(Path.Combine(folder["faster"], "structure.json")));
        Compression.Structured.StructureCosts costs = LatencyProfileFile.Load(folder["profile.json"]).At(1).Widths!.Costs();
        Compression.Structured.StructurePlan plan = Compression.Structured.StructurePlanFile.Load(Path.Combine(folder["faster"], "structure.json"));
        Assert.InRange(costs.Of(plan), 0.4 * costs.Whole, 0.6 * costs.Whole);

        Assert.Contains("two goals", Prune("--macs", "0.6x", "--latency", "0.6x", "-o", folder["x"]).Error);
        Assert.Contains("only --latency", Prune("--profile", folder["profile.json"], "-o", folder["x"]).Error);
        Assert.Contains("8ms", Prune("--latency", "8", "-o", folder["x"]).Error);
        LatencyProfileFile.Save(Profiling.Profiles.Small, folder["other.json"]);
        Assert.Contains("other weights", Prune("--latency", "0.6x", "--profile", folder["other.json"], "-o", folder["x"]).Error);
        LatencyProfileFile.Save(Profiling.Profiles.Small with { WeightsHash = WeightsHash.Of(Network.Load("scenes-vit", 1)) }, folder["other.json"]);
        Assert.Contains("is of 2 blocks", Prune("--latency", "0.6x", "--profile", folder["other.json"], "-o", folder["x"]).Error);
    }

    [Fact]
    public void The_plan_that_was_kept_makes_the_same_bits_again()
    {
        Assert.Equal(ExitCode.Done, Prune("-o", folder["pruned"]).ExitCode);
        Captured again = Captured.Run("prune", "scenes-vit", "--plan", Path.Combine(folder["pruned"], "structure.json"), "--no-latency", "-o", folder["again"]);
        Assert.Equal(ExitCode.Done, again.ExitCode);
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder["pruned"], "model.safetensors")), File.ReadAllBytes(Path.Combine(folder["again"], "model.safetensors")));
    }

    [Fact]
    public void Programs_get_one_object_and_a_dry_run_writes_nothing()
    {
        Captured run = Prune("--macs", "200M", "--dry-run", "--json", "-o", folder["pruned"]);
        JsonElement json = JsonDocument.Parse(run.Out).RootElement;
        Assert.InRange(json.GetProperty("pruned").GetProperty("macs").GetDouble(), 150e6, 200e6);
        Assert.InRange(json.GetProperty("pruned").GetProperty("parameters").GetInt64(), 1, json.GetProperty("dense").GetProperty("parameters").GetInt64() - 1);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("folder").ValueKind);
        Assert.Equal(4, json.GetProperty("answers")[0].GetProperty("count").GetInt32());
        Assert.Equal((ExitCode.Done, false), (run.ExitCode, Directory.Exists(folder["pruned"])));
    }

    [Fact]
    public void Half_precision_is_measured_as_it_was_kept()
    {
        Captured run = Prune("--dtype", "f16", "-o", folder["pruned"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("differ from those in F32 by", run.Error);
        Assert.Contains("weights on disk", run.Out);
    }

    [Fact]
    public void What_is_no_smaller_is_the_answer_no()
    {
        // A budget that a single neuron stands above: the plan that keeps everything is "pruned" by hand.
        Assert.Equal(ExitCode.Done, Prune("-o", folder["pruned"]).ExitCode);
        string whole = folder["whole.json"];
        Compression.Structured.StructurePlanFile.Save(Compression.Structured.StructurePlan.Whole(Network.Load("scenes-vit", 1)), whole);
        Captured run = Captured.Run("prune", "scenes-vit", "--plan", whole, "--no-latency", "-o", folder["same"]);
        Assert.Equal(ExitCode.No, run.ExitCode);
        Assert.Contains("parameters did not go down", run.Error);
        Assert.Contains("multiply-adds did not go down", run.Error);
    }

    [Fact]
    public void The_networks_are_timed_in_turn()
    {
        Captured run = Captured.Run("prune", "scenes-vit", "--macs", "0.2x", "--calibrate", "scenes:2", "--scorer", "random", "--rounds", "6", "--dry-run", "--json");
        JsonElement latency = JsonDocument.Parse(run.Out).RootElement.GetProperty("latency");
        Assert.Equal(6, latency.GetProperty("rounds").GetInt32());
        Assert.Equal(run.ExitCode == ExitCode.Done, latency.GetProperty("differs").GetBoolean() && latency.GetProperty("speedup").GetProperty("value").GetDouble() > 1);
    }

    [Theory]
    [InlineData("--macs", "1.2x")]
    [InlineData("--macs", "fast")]
    [InlineData("--macs", "0.0001x")]
    [InlineData("--macs", "1T")]
    [InlineData("--scorer", "oracle")]
    [InlineData("--allocator", "oracle")]
    [InlineData("--corrector", "oracle")]
    [InlineData("--macs", "0.5x", "--latency", "0.5x")]
    [InlineData("--latency", "4")]
    [InlineData("--profile", "any.json")]
    [InlineData("--scorer", "magnitude", "--lambda", "1")]
    [InlineData("--scorer", "random", "--compatibility")]
    [InlineData("--lambda", "-1")]
    [InlineData("--rounds", "2")]
    [InlineData("--samples", "0")]
    [InlineData("--dtype", "f8")]
    [InlineData("--plan", "any.json", "--macs", "0.5x")]
    public void What_cannot_be_meant_is_wrong_usage(params string[] options)
    {
        Captured run = Captured.Run(["prune", "scenes-vit", "--calibrate", "scenes:2", "-o", folder["pruned"], .. options]);
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Empty(run.Out);
        Assert.Equal(1, run.Error.Count(c => c == '\n'));
        Assert.False(Directory.Exists(folder["pruned"]));
    }

    [Fact]
    public void What_is_missing_is_asked_for()
    {
        Assert.Contains("--calibrate", Captured.Run("prune", "scenes-vit", "-o", folder["pruned"]).Error);
        Assert.Contains("--output", Captured.Run("prune", "scenes-vit", "--calibrate", "scenes:2").Error);
    }

    [Fact]
    public void Networks_of_texts_are_pruned_too_and_their_tokenizer_comes_along()
    {
        string source = Directory.CreateDirectory(folder["texts"]).FullName, table = folder["table.tsv"];
        foreach (string file in (string[])["config.json", "model.safetensors"])
            File.Copy(Fixtures.Path($"tiny-bert/{file}"), Path.Combine(source, file));
        File.WriteAllLines(Path.Combine(source, "vocab.txt"), ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. "abcdefghijklmnop".Select(c => $"{c}")]);
        File.WriteAllText(table, "sentence\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"{(char)('a' + i)} {(char)('b' + i)} c\n")));
        Captured run = Captured.Run("prune", source, "--macs", "0.6x", "--calibrate", table, "--check", table, "--scorer", "random", "--no-latency", "--threads", "1", "-o", folder["pruned"], "--json");
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        JsonElement json = JsonDocument.Parse(run.Out).RootElement;
        Assert.InRange(json.GetProperty("pruned").GetProperty("macs").GetDouble() / json.GetProperty("dense").GetProperty("macs").GetDouble(), 0.2, 0.6);
        Assert.Equal(12, json.GetProperty("answers")[1].GetProperty("count").GetInt32());
        Assert.True(File.Exists(Path.Combine(folder["pruned"], "vocab.txt")));
    }

    [Fact]
    public void The_network_itself_is_never_replaced()
    {
        string own = Network.Locate("scenes-vit");
        Captured run = Captured.Run("prune", "scenes-vit", "--calibrate", "scenes:2", "-o", own);
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Contains("would replace it", run.Error);
    }

    [Theory]
    [InlineData("nothing-here", "scenes:2", "any")]
    [InlineData("scenes-vit", "nothing-here", "any")]
    public void What_is_not_there_is_bad_input(string model, string calibrate, string output) =>
        Assert.Equal(ExitCode.BadInput, Captured.Run("prune", model, "--calibrate", calibrate, "-o", folder[output]).ExitCode);

    [Fact]
    public void Stopped_it_says_so_and_writes_nothing()
    {
        using var error = new StringWriter();
        int code = Tool.Run(["prune", "scenes-vit", "--calibrate", "scenes:2", "-o", folder["pruned"]], new Terminal(TextWriter.Null, error), new CancellationToken(true));
        Assert.Equal((ExitCode.Cancelled, false), (code, Directory.Exists(folder["pruned"])));
        Assert.Contains("cancelled", error.ToString());
    }

    public void Dispose() => folder.Dispose();

    static Captured Prune(params string[] options) =>
        Captured.Run(["prune", "scenes-vit", "--calibrate", "scenes:4", "--scorer", "random", "--no-latency", "--threads", "1", .. options]);
}
