using System.Text.Json;
using System.Text.RegularExpressions;
using Secateur.Cli;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Sweeps;
using Secateur.Models.Vit;

namespace Secateur.Tests.Cli;

public sealed class EvalCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    string Results => folder["results"];

    [Fact]
    public void Accuracy_what_is_lost_and_multiply_adds_are_said_for_every_plan()
    {
        Captured run = Captured.Run("eval", "scenes-vit", "--data", "scenes:40", "--plan", "zero-tprune", "--plan", "tome-r8", "--per-class");
        Assert.Equal("", run.ExitCode == ExitCode.Done ? "" : run.Error);
        foreach (string said in (string[])["dense", "zero-tprune", "tome-r8", "top-1", "top-5", "lost", "same", "KL", "GMACs", "papers: GFLOPs", "Of the blocks alone", "McNemar", "A difference whose interval holds 0 is no difference", "crescent"])
            Assert.Contains(said, Spaces().Replace(run.Out, " "));
        Assert.All(run.Out.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void The_answer_is_one_JSON_object_and_is_what_the_files_say()
    {
        Captured run = Eval("--plan", "zero-tprune", "--json");
        JsonElement json = Json(run);
        Assert.Equal(40, json.GetProperty("images").GetInt32());
        Assert.Equal(0, json.GetProperty("bad").GetInt32());
        Assert.False(json.GetProperty("partial").GetBoolean());
        Assert.True(json.GetProperty("imagesPerSecond").GetDouble() > 0);
        JsonElement plan = Assert.Single(json.GetProperty("plans").EnumerateArray());
        Assert.Equal("zero-tprune", json.GetProperty("plan").GetString());
        Assert.Equal("dense", json.GetProperty("dense").GetProperty("plan").GetString());

        var folder = new ResultsFolder(Results);
        ResultsManifest manifest = ResultsManifestFile.Load(folder);
        var pictures = PictureListFile.Load(folder.Pictures);
        CellResult dense = CellFile.Load(folder.Cell("dense", Shard.Whole), manifest.Classes), cell = CellFile.Load(folder.Cell("zero-tprune", Shard.Whole), manifest.Classes);
        AccuracySummary summary = AccuracySummary.Of(cell, dense, pictures);
        VisionTransformer network = Network.Load("scenes-vit", null);
        MacCount count = MacCounter.Count(network, TokenPlans.Resolve("zero-tprune", network.Depth, network.PatchTokens));
        foreach (JsonElement said in (JsonElement[])[json, plan])
        {
            Assert.Equal(summary.Top1!.Value.Part, said.GetProperty("top1").GetDouble());
            Assert.Equal(summary.Top5!.Value.Part, said.GetProperty("top5").GetDouble());
            Assert.Equal(summary.Agreement.Part, said.GetProperty("agreement").GetDouble());
            Assert.Equal(summary.Divergence.Value, said.GetProperty("divergence").GetDouble());
            Assert.Equal(summary.Lost!.Value.Value, said.GetProperty("lost").GetDouble());
            Assert.Equal([summary.Lost.Value.Low, summary.Lost.Value.High], said.GetProperty("intervals").GetProperty("lost").EnumerateArray().Select(end => end.GetDouble()));
            Assert.Equal(summary.Macs, said.GetProperty("macs").GetProperty("total").GetDouble());
            Assert.Equal(summary.MacRatio, said.GetProperty("macs").GetProperty("ratio").GetDouble());
            Assert.Equal(count.Executed, said.GetProperty("macs").GetProperty("total").GetDouble());
            Assert.Equal(count.Selection, said.GetProperty("macs").GetProperty("selection").GetDouble());
            Assert.Equal(count.Blocks, said.GetProperty("macs").GetProperty("blocks").GetDouble());
        }

        Assert.Equal(manifest.DenseMacs.Blocks, json.GetProperty("dense").GetProperty("macs").GetProperty("blocks").GetDouble());
        Assert.Equal(manifest.DenseMacs.Total, json.GetProperty("dense").GetProperty("macs").GetProperty("total").GetDouble());
    }

    [Fact]
    public void The_same_folder_takes_another_plan_and_measures_nothing_twice()
    {
        JsonElement first = Json(Eval("--plan", "zero-tprune", "--json"));
        JsonElement again = Json(Eval("--plan", "zero-tprune", "--json"));
        Assert.Equal(JsonValueKind.Null, again.GetProperty("imagesPerSecond").ValueKind);
        Assert.Equal(first.GetProperty("plans").GetRawText(), again.GetProperty("plans").GetRawText());
        JsonElement other = Json(Eval("--plan", "tome-r8", "--json"));
        Assert.Equal("tome-r8", Assert.Single(other.GetProperty("plans").EnumerateArray()).GetProperty("cell").GetString());
        Assert.Equal(["dense", "zero-tprune", "tome-r8"], ResultsManifestFile.Load(new(Results)).Cells.Select(cell => cell.Name));
    }

    [Theory]
    [InlineData("pictures", "scenes:41")]
    [InlineData("batch", "scenes:40", "--batch", "4")]
    [InlineData("preprocessing", "scenes:40", "--resize", "120")]
    public void A_folder_with_results_of_something_else_is_refused(string says, string data, params string[] more)
    {
        Eval();
        string before = File.ReadAllText(folder["results/results.json"]);
        Captured run = Captured.Run(["eval", "scenes-vit", "--data", data, "-o", Results, .. more]);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(says, run.Error);
        Assert.Contains("--output", run.Error);
        Assert.Equal(before, File.ReadAllText(folder["results/results.json"]));
    }

    [Fact]
    public void What_was_stopped_says_how_to_go_on_and_ends_as_if_it_had_not_been()
    {
        string data = Pictures(39);
        string[] line = ["eval", "scenes-vit", "--data", data, "--max-bad", "1", "--threads", "2", "--plan", "zero-tprune"];
        Captured stopped = Stopped([.. line, "-o", Results]);
        Assert.Equal(ExitCode.Cancelled, stopped.ExitCode);
        Assert.Equal("", stopped.Out);
        Assert.Contains($"secateur {string.Join(' ', line)} -o {Results}", stopped.Error);
        Assert.NotEmpty(Directory.GetFiles(folder["results/cells"], "*.journal"));

        JsonElement resumed = Json(Captured.Run([.. line, "-o", Results, "--json"])), whole = Json(Captured.Run([.. line, "-o", folder["whole"], "--json"]));
        Assert.Equal(whole.GetProperty("plans").GetRawText(), resumed.GetProperty("plans").GetRawText());
        Assert.Equal(1, resumed.GetProperty("bad").GetInt32());
        foreach (string file in (string[])["cells/dense.json", "cells/zero-tprune.json", "dense.safetensors"])
            Assert.Equal(File.ReadAllBytes(folder[$"whole/{file}"]), File.ReadAllBytes(folder[$"results/{file}"]));
    }

    [Fact]
    public void Without_a_folder_a_stopped_run_says_what_it_has_as_a_part()
    {
        string[] line = ["eval", "scenes-vit", "--data", Pictures(39), "--max-bad", "1", "--threads", "1"];
        Captured stopped = Stopped([.. line, "--json"]);
        Assert.Equal(ExitCode.Cancelled, stopped.ExitCode);
        JsonElement json = Json(stopped);
        Assert.True(json.GetProperty("partial").GetBoolean());
        Assert.Equal(7, json.GetProperty("images").GetInt32()); // of the first eight
        Assert.Equal(1, json.GetProperty("bad").GetInt32());
        Assert.Contains("--output", stopped.Error);
        Assert.Contains("Partial", Stopped(line).Out);
    }

    [Fact]
    public void Nothing_is_left_where_no_folder_was_named()
    {
        string temporary = folder["temporary"], data = Pictures(3);
        Directory.CreateDirectory(temporary);
        Captured Process(string most) => Captured.RunProcess(new() { ["TMPDIR"] = temporary }, "eval", "scenes-vit", "--data", data, "--max-bad", most);
        Assert.Equal(ExitCode.Done, Process("1").ExitCode);
        Assert.Empty(Directory.GetDirectories(temporary, "secateur-*"));
        Assert.Equal(ExitCode.BadInput, Process("0").ExitCode);
        Assert.Empty(Directory.GetDirectories(temporary, "secateur-*"));
    }

    [Fact]
    public void Broken_pictures_are_named_and_counted_and_too_many_of_them_fail_the_run()
    {
        string data = Pictures(4);
        Captured refused = Captured.Run("eval", "scenes-vit", "--data", data, "--max-bad", "0");
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains("torn.png", refused.Error);
        Assert.Contains("--max-bad", refused.Error);

        Captured run = Captured.Run("eval", "scenes-vit", "--data", data, "--max-bad", "1", "--plan", "tome-r8", "--json");
        JsonElement json = Json(run);
        Assert.Equal((4, 1), (json.GetProperty("images").GetInt32(), json.GetProperty("bad").GetInt32()));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("top1").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("lost").ValueKind);
        Assert.InRange(json.GetProperty("agreement").GetDouble(), 0, 1);
        Assert.Contains("torn.png", run.Error);
        Assert.Contains("without labels", Captured.Run("eval", "scenes-vit", "--data", data, "--max-bad", "1", "--plan", "tome-r8").Out);
    }

    [Fact]
    public void Plans_of_one_name_get_files_of_their_own()
    {
        foreach ((string file, int remove) in ((string, int)[])[("a.json", 8), ("b.json", 16)])
            File.WriteAllText(folder[file], $$"""{"format": "secateur-token-plan", "version": 1, "name": "My plan", "method": "tome", "stages": [{"block": 2, "after": "attention", "remove": {{remove}}}]}""");
        JsonElement json = Json(Eval("--plan", folder["a.json"], "--plan", folder["b.json"], "--json"));
        Assert.Equal(["my-plan", "my-plan-2"], json.GetProperty("plans").EnumerateArray().Select(plan => plan.GetProperty("cell").GetString()));
    }

    [SkippableFact]
    public void Real_photographs_get_the_accuracy_of_the_reference()
    {
        string network = RealData.Path("deit_tiny_patch16_224"), photographs = RealData.Path("photographs");
        JsonElement json = Json(Captured.Run("eval", network, "--data", photographs, "--resize", "256", "--json"));
        Assert.Equal((100, 81, 95), (json.GetProperty("images").GetInt32(), json.GetProperty("top1Count").GetInt32(), json.GetProperty("top5Count").GetInt32()));
    }

    public void Dispose() => folder.Dispose();

    /// <summary>A folder of good pictures and one that is none, the first of all.</summary>
    string Pictures(int good)
    {
        string data = folder["data"];
        Directory.CreateDirectory(data);
        string[] kinds = ["rgb.png", "palette.png", "grey.png"];
        for (int i = 1; i <= good; i++)
            File.Copy(Fixtures.Path($"images/{kinds[i % kinds.Length]}"), Path.Combine(data, $"{i:000}.png"));
        File.WriteAllText(Path.Combine(data, "000-torn.png"), "no picture");
        return data;
    }

    /// <summary>Stopped when the picture that is none is named.</summary>
    static Captured Stopped(params string[] line)
    {
        using var stop = new CancellationTokenSource();
        using var output = new StringWriter();
        using var error = new StoppingWriter(stop);
        return new(Tool.Run(line, new Terminal(output, error), stop.Token), output.ToString(), error.ToString());
    }

    Captured Eval(params string[] more) => Captured.Run(["eval", "scenes-vit", "--data", "scenes:40", "-o", Results, .. more]);

    static JsonElement Json(Captured run)
    {
        Assert.True(run.Out.Length > 0, run.Error);
        using JsonDocument document = JsonDocument.Parse(Assert.Single(run.Out.TrimEnd().Split('\n')));
        return document.RootElement.Clone();
    }

    static Regex Spaces() => new(@"\s+");

    sealed class StoppingWriter(CancellationTokenSource stop) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            if (value?.Contains("torn", StringComparison.Ordinal) == true)
                stop.Cancel();
            base.WriteLine(value);
        }
    }
}
