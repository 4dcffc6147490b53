using System.Text.Json;
using Secateur.Cli;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Structured;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Cli;

namespace Secateur.Tests.Structured.Patches;

public sealed class TauCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_pruned_network_and_its_token_plan_are_within_the_budget_and_any_other_plan_runs_on_it_too()
    {
        Captured run = Captured.Run("prune", "scenes-vit", "--macs", "0.5x", "--tokens", "evit", "--scorer", "magnitude", "--calibrate", "scenes:8", "--samples", "2", "--no-latency", "--json", "-o", folder["out"]);
        using JsonDocument answer = JsonDocument.Parse(run.Out);
        Assert.Equal(11, answer.RootElement.GetProperty("splits").GetArrayLength());
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.True(answer.RootElement.GetProperty("share").GetDouble() > 0);
        VisionTransformer pruned = VisionTransformer.Load(folder["out"]);
        TokenPlan plan = TokenPlanFile.Load(folder["out/token-plan.json"]);
        Assert.Contains(string.Join(" ", answer.RootElement.GetProperty("patches").EnumerateArray()), File.ReadAllText(folder["out/README.md"]), StringComparison.Ordinal);
        long macs = MacCounter.Count(pruned, plan).Total;
        Assert.Equal(answer.RootElement.GetProperty("macs").GetInt64(), macs);
        Assert.InRange(macs, 0.4 * answer.RootElement.GetProperty("denseMacs").GetInt64(), 0.5 * answer.RootElement.GetProperty("denseMacs").GetInt64());
        Assert.Equal(ExitCode.Done, Captured.Run("eval", folder["out"], "--plan", folder["out/token-plan.json"], "--data", "scenes:4").ExitCode);
        Captured planned = Captured.Run("plan", "budget", folder["out"], "--macs", "0.8x", "--images", "scenes:4", "--methods", "tome", "--candidates", "1", "--rounds", "6", "-o", folder["plan.json"]);
        Assert.Contains(planned.ExitCode, new[] { ExitCode.Done, ExitCode.No });
        Assert.NotNull(TokenPlanFile.Load(folder["plan.json"]).Origin);
    }

    [Fact]
    public void As_released_one_share_is_looked_at()
    {
        Captured run = Captured.Run("prune", Fixtures.Path("timm/augreg-vit"), "--macs", "0.8x", "--tokens", "top-k", "--scorer", "optin", "--compatibility", "--calibrate", "scenes:8", "--samples", "2", "--no-latency", "--dry-run", "--json");
        using JsonDocument answer = JsonDocument.Parse(run.Out);
        Assert.Equal(TauSearch.ReleasedShare, answer.RootElement.GetProperty("share").GetDouble());
        Assert.Equal(1, answer.RootElement.GetProperty("splits").GetArrayLength());
    }

    [Fact]
    public void A_later_network_in_the_same_folder_leaves_no_token_plan_of_the_earlier_one()
    {
        string[] prune = ["prune", "scenes-vit", "--macs", "0.9x", "--scorer", "magnitude", "--calibrate", "scenes:2", "--no-latency", "-o", folder["out"]];
        Assert.Equal(ExitCode.Done, Captured.Run(prune).ExitCode);
        File.WriteAllText(folder["out/token-plan.json"], "of the earlier network");
        Assert.Equal(ExitCode.Done, Captured.Run(prune).ExitCode);
        Assert.False(File.Exists(folder["out/token-plan.json"]));
    }

    [Fact]
    public void Damaged_pictures_to_check_with_are_left_out()
    {
        Directory.CreateDirectory(folder["check"]);
        foreach (string good in (string[])["rgb.png", "grey.png"])
            File.Copy(Fixtures.Path($"images/{good}"), folder[$"check/{good}"]);
        File.WriteAllBytes(folder["check/truncated.jpg"], File.ReadAllBytes(Fixtures.Path("images/q92-420.jpg"))[..200]);
        Captured run = Captured.Run("prune", Fixtures.Path("timm/augreg-vit"), "--macs", "0.8x", "--tokens", "top-k", "--scorer", "magnitude", "--calibrate", "scenes:8", "--samples", "2", "--check", folder["check"], "--no-latency", "--dry-run", "--json");
        Assert.Contains("1 are damaged", run.Error, StringComparison.Ordinal);
        using JsonDocument answer = JsonDocument.Parse(run.Out);
        Assert.Equal(2, answer.RootElement.GetProperty("check").GetProperty("pictures").GetInt32());
        Assert.Equal(0, answer.RootElement.GetProperty("failures").GetArrayLength());
        Assert.True(answer.RootElement.GetProperty("parameters").GetInt64() < answer.RootElement.GetProperty("denseParameters").GetInt64());
    }

    [Fact]
    public void What_tokens_cannot_be_searched_with_is_wrong_usage()
    {
        Captured timed = Captured.Run("prune", "scenes-vit", "--tokens", "tome", "--latency", "0.7x", "--calibrate", "nowhere", "-o", folder["out"]);
        Assert.Equal(ExitCode.WrongUsage, timed.ExitCode);
        Assert.Contains("--macs 0.6x", timed.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.WrongUsage, Captured.Run("prune", "scenes-vit", "--tokens", "a-vit", "--calibrate", "scenes:8", "-o", folder["out"]).ExitCode);
        Captured few = Captured.Run("prune", "scenes-vit", "--tokens", "tome", "--calibrate", "scenes:4", "--samples", "4", "-o", folder["out"]);
        Assert.Equal(ExitCode.WrongUsage, few.ExitCode);
        Assert.Contains("left to judge by", few.Error, StringComparison.Ordinal);
    }
}
