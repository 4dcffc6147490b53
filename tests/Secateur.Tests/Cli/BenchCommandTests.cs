using System.Text.Json;
using Secateur.Cli;
using Secateur.Evaluation.Timing;

namespace Secateur.Tests.Cli;

public sealed class BenchCommandTests
{
    [Fact]
    public void Plans_and_batches_are_timed_and_kept_one_file_each()
    {
        using var folder = new TemporaryFolder();
        string timings = folder["timings"];
        Captured run = Captured.Run("bench", "scenes-vit", "--data", "scenes:4", "--plan", "zero-tprune", "--plan", "ats", "--batch", "1,2", "--rounds", "6", "--threads", "1", "-o", timings, "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        JsonElement json = JsonDocument.Parse(run.Out).RootElement;
        JsonElement[] cells = [.. json.GetProperty("timings").EnumerateArray()];
        Assert.Equal(["zero-tprune 1", "ats 1", "zero-tprune 2", "ats 2"], cells.Select(cell => $"{cell.GetProperty("timing").GetProperty("name")} {cell.GetProperty("timing").GetProperty("batch")}"));
        foreach (JsonElement cell in cells)
        {
            Assert.InRange(cell.GetProperty("macs").GetDouble(), 1, json.GetProperty("dense-macs").GetDouble() - 1);
            double outer = json.GetProperty("dense-macs").GetDouble() - json.GetProperty("dense-block-macs").GetDouble(), selection = cell.GetProperty("selection-macs").GetDouble();
            Assert.True(selection > 0);
            Assert.Equal(cell.GetProperty("macs").GetDouble(), cell.GetProperty("block-macs").GetDouble() + outer + selection, 2.0); // each is rounded to a whole
            JsonElement timing = cell.GetProperty("timing");
            double p50 = timing.GetProperty("plan").GetProperty("p50").GetDouble(), pictures = timing.GetProperty("batch").GetInt32();

            // Both are rounded when they are written: to 10 ns, and to three decimals.
            Assert.Equal(1, cell.GetProperty("pictures-per-second").GetDouble() * p50 / 1000 / pictures, 0.001);
            Assert.Equal(1, cell.GetProperty("gflops").GetDouble() * p50 * 1e6 / (2 * cell.GetProperty("macs").GetDouble() * pictures), 0.001);
        }

        Assert.Equal(["ats.batch-1.json", "ats.batch-2.json", "zero-tprune.batch-1.json", "zero-tprune.batch-2.json"], Directory.GetFiles(timings).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(2, PlanTimingFile.Load(Path.Combine(timings, "ats.batch-2.json")).Batch);
    }

    [Fact]
    public void People_get_times_work_and_parts()
    {
        Captured run = Captured.Run("bench", "scenes-vit", "--data", "scenes:2", "--plan", "top-k", "--rounds", "6");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.All(["batch 1", "p50 ms", "pictures/s", "GMACs", "blocks", "GFLOP/s", "attention", "select", "top-k", "papers: GFLOPs"], word => Assert.Contains(word, run.Out));
        Assert.All(run.Out.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80, line));
        Assert.DoesNotContain('…', run.Out);
    }

    [Fact]
    public void Dense_alone_is_timed_without_a_plan() =>
        Assert.DoesNotContain("no difference (", Captured.Run("bench", "scenes-vit", "--data", "scenes:2", "--rounds", "6").Out);

    [Fact]
    public void A_plan_that_is_not_as_fast_as_it_must_be_is_the_answer_no()
    {
        using var folder = new TemporaryFolder();
        Captured run = Captured.Run("bench", "scenes-vit", "--data", "scenes:2", "--plan", "zero-tprune", "--rounds", "6", "--require-faster", "500x", "-o", folder["timing.json"]);
        Assert.Equal(ExitCode.No, run.ExitCode);
        Assert.Contains("the answer is no", run.Error);
        Assert.Equal("zero-tprune", PlanTimingFile.Load(folder["timing.json"]).Name);
    }

    [Fact]
    public void Another_network_is_timed_in_turn_on_the_same_pictures()
    {
        using var folder = new TemporaryFolder();
        Captured pruned = Captured.Run("prune", "scenes-vit", "--macs", "0.5x", "--scorer", "random", "--calibrate", "scenes:2", "--no-latency", "-o", folder["pruned"]);
        Assert.Equal(ExitCode.Done, pruned.ExitCode);
        Captured run = Captured.Run("bench", "scenes-vit", "--against", folder["pruned"], "--data", "scenes:3", "--batch", "1,4", "--rounds", "6", "--require-faster", "500x", "--json");
        Assert.Equal(ExitCode.No, run.ExitCode);
        Assert.Contains("the answer is no", run.Error);
        JsonElement json = JsonDocument.Parse(run.Out).RootElement;
        JsonElement[] networks = [.. json.GetProperty("networks").EnumerateArray()], series = [.. json.GetProperty("series").EnumerateArray()];
        Assert.Equal(["scenes-vit", folder["pruned"]], networks.Select(network => network.GetProperty("name").GetString()));
        Assert.InRange(networks[1].GetProperty("macs").GetDouble() / networks[0].GetProperty("macs").GetDouble(), 0.4, 0.6);
        Assert.Equal([1, 4], series.Select(one => one.GetProperty("batch").GetInt32()));
        Assert.All(series, one => Assert.Equal(6, one.GetProperty("rounds").GetInt32()));
        Captured people = Captured.Run("bench", "scenes-vit", "--against", "scenes-vit", "--data", "scenes:2", "--rounds", "6");
        Assert.Equal(ExitCode.Done, people.ExitCode);
        Assert.Contains("GMACs", people.Out);
        Assert.All(people.Out.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80, line));
    }

    [Fact]
    public void Two_networks_of_texts_are_timed_on_random_words()
    {
        Captured run = Captured.Run("bench", Fixtures.Path("tiny-bert"), "--against", Fixtures.Path("tiny-bert"), "--rounds", "6", "--batch", "2");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("random words", run.Out);
    }

    [Theory]
    [InlineData("looks at pictures of", "timm/augreg-vit")]
    [InlineData("looks at pictures, and the other reads texts", "tiny-bert")]
    [InlineData("--plan means nothing", "timm/augreg-vit", "--plan", "tome")]
    [InlineData("--runtime means nothing", "timm/augreg-vit", "--runtime", "onnxruntime")]
    public void Networks_that_do_not_take_the_same_are_not_timed_in_turn(string words, string other, params string[] options)
    {
        Captured run = Captured.Run(["bench", "scenes-vit", "--against", Fixtures.Path(other), .. options]);
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Contains(words, run.Error);
    }

    [Theory]
    [InlineData("--require-faster", "2x")]
    [InlineData("--require-faster", "0.5", "--plan", "tome")]
    [InlineData("--rounds", "6", "--seconds", "1")]
    [InlineData("--batch", "1,1")]
    [InlineData("--plan", "tome", "--plan", "evit", "-o", "one.json")]
    public void What_cannot_be_meant_is_wrong_usage(params string[] options)
    {
        Captured run = Captured.Run(["bench", "scenes-vit", .. options]);
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Empty(run.Out);
        Assert.Equal(1, run.Error.Count(c => c == '\n'));
    }

    [Fact]
    public void On_noise_no_adaptive_plan_is_timed()
    {
        using var folder = new TemporaryFolder();
        string other = OtherNetwork(folder);
        Captured refused = Captured.Run("bench", other, "--plan", "ats", "--rounds", "6");
        Assert.Equal(ExitCode.WrongUsage, refused.ExitCode);
        Assert.Contains("--data", refused.Error);
        Captured timed = Captured.Run("bench", other, "--plan", "random-drop", "--rounds", "6");
        Assert.Equal(ExitCode.Done, timed.ExitCode);
        Assert.Contains("noise", timed.Error);
    }

    /// <summary>The bundled weights without the names that tell that they know scenes.</summary>
    static string OtherNetwork(TemporaryFolder folder)
    {
        string other = folder["other"], bundled = Network.Locate("scenes-vit");
        Directory.CreateDirectory(other);
        File.Copy(Path.Combine(bundled, "model.safetensors"), Path.Combine(other, "model.safetensors"));
        System.Text.Json.Nodes.JsonObject config = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(bundled, "config.json")))!.AsObject();
        config.Remove("label_names");
        File.WriteAllText(Path.Combine(other, "config.json"), config.ToJsonString());
        return other;
    }
}
