using System.Text.Json;
using Secateur.Cli;
using Secateur.Evaluation.Profiling;

namespace Secateur.Tests.Cli;

public sealed class ProfileCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    string File => folder["profile.json"];

    [Fact]
    public void A_profile_and_its_picture_are_left_and_said_in_words()
    {
        Captured run = Run("--batch", "1,2", "--threads", "2");
        Assert.Equal("", run.ExitCode == ExitCode.Done ? "" : run.Error);
        Assert.Contains("batch 1: ", run.Out);
        Assert.Contains("batch 2: ", run.Out);
        Assert.Contains("ms at 197 tokens", run.Out);
        Assert.Contains("One more token costs", run.Out);
        Assert.StartsWith("<svg", System.IO.File.ReadAllText(folder["profile.svg"]));

        LatencyProfile profile = LatencyProfileFile.Load(File);
        Assert.True(profile.Finished);
        Assert.Equal((12, 1, 196, 2, "secateur"), (profile.Depth, profile.PrefixTokens, profile.Patches, profile.Threads, profile.Runtime));
        Assert.Equal(DeviceFingerprint.OfThisMachine(), profile.Device);
        Assert.Equal([2, 50, 99, 148, 197], profile.At(1).Points.Select(point => point.Tokens));
        Assert.All(profile.At(2).Points, point => Assert.Equal(12, point.Blocks.Length));
    }

    [Fact]
    public void The_summary_is_one_JSON_object_where_it_is_asked_for()
    {
        Captured run = Run("--json", "--svg", folder["other.svg"]);
        using JsonDocument json = JsonDocument.Parse(Assert.Single(run.Out.TrimEnd().Split('\n')));
        Assert.Equal(File, json.RootElement.GetProperty("profile").GetString());
        JsonElement batch = Assert.Single(json.RootElement.GetProperty("batches").EnumerateArray());
        Assert.Equal(197, batch.GetProperty("tokens").GetInt32());
        Assert.True(batch.GetProperty("milliseconds").GetDouble() > 0);
        Assert.Equal(JsonValueKind.Array, batch.GetProperty("steps").ValueKind);
        Assert.True(System.IO.File.Exists(folder["other.svg"]));
    }

    [Fact]
    public void What_was_stopped_is_gone_on_with_and_what_is_finished_is_measured_again_only_by_force()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using StringWriter output = new(), error = new();
        Assert.Equal(ExitCode.Cancelled, Tool.Run(Line(), new(output, error), stop.Token));
        Assert.Contains("goes on from there", error.ToString());
        Assert.False(LatencyProfileFile.Load(File).Finished);

        Captured finished = Run();
        Assert.Contains("going on", finished.Error);
        Assert.True(LatencyProfileFile.Load(File).Finished);
        string before = System.IO.File.ReadAllText(File);
        Captured again = Run();
        Assert.Equal(ExitCode.Done, again.ExitCode);
        Assert.Contains("--force", again.Error);
        Assert.Equal(finished.Out, again.Out);
        Assert.Equal(before, System.IO.File.ReadAllText(File));
        Assert.Equal(ExitCode.Done, Run("--force").ExitCode);
        Assert.NotEqual(before, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void Widths_are_added_to_a_profile_that_lacks_them()
    {
        Run();
        LatencyProfile before = LatencyProfileFile.Load(File);
        Captured added = Run("--widths");
        Assert.Equal("", added.ExitCode == ExitCode.Done ? "" : added.Error);
        Assert.Contains("a head costs", added.Out);
        Assert.Contains("a neuron costs", added.Out);
        LatencyProfile after = LatencyProfileFile.Load(File);
        Assert.Equal(before.At(1).Points.Select(point => point.Milliseconds), after.At(1).Points.Select(point => point.Milliseconds));
        Assert.Equal((197, 12), (after.At(1).Widths!.Tokens, after.At(1).Widths!.Costs().Mlp.Length));
        string text = System.IO.File.ReadAllText(File);
        using JsonDocument json = JsonDocument.Parse(Run("--widths", "--json").Out);
        Assert.Single(json.RootElement.GetProperty("batches")[0].GetProperty("shapes").EnumerateArray());
        Assert.Equal(text, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void A_profile_of_something_else_and_a_file_that_is_none_are_not_overwritten()
    {
        LatencyProfileFile.Save(Profiling.Profiles.Small, File);
        Captured other = Run();
        Assert.Equal(ExitCode.BadInput, other.ExitCode);
        Assert.Contains("other weights", other.Error);
        Assert.Contains("--force", other.Error);
        System.IO.File.WriteAllText(File, "{}");
        Assert.Equal(ExitCode.BadInput, Run().ExitCode);
        Assert.Equal("{}", System.IO.File.ReadAllText(File));
    }

    [Theory]
    [InlineData("say which network", "profile")]
    [InlineData("two networks", "profile", "scenes-vit", "--model", "other")]
    [InlineData("--batch", "profile", "scenes-vit", "--batch", "1,1")]
    [InlineData("--batch", "profile", "scenes-vit", "--batch", "0")]
    [InlineData("--seconds", "profile", "scenes-vit", "--seconds", "0")]
    [InlineData("choose one", "profile", "scenes-vit", "--full", "--stride", "2")]
    [InlineData("do not fit", "profile", "scenes-vit", "--from", "1")]
    [InlineData("do not fit", "profile", "scenes-vit", "--to", "198")]
    [InlineData("both be", "profile", "scenes-vit", "-o", "x.svg")]
    public void A_command_line_that_cannot_be_meant_is_refused(string says, params string[] args)
    {
        Captured run = Captured.Run(args);
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Contains(says, run.Error);
        Assert.Equal(1, run.Error.Count(c => c == '\n'));
    }

    public void Dispose() => folder.Dispose();

    string[] Line(params string[] more) => ["profile", "scenes-vit", "-o", folder.Path, "--stride", "49", "--rounds", "2", .. more];

    Captured Run(params string[] more) => Captured.Run(Line(more));
}
