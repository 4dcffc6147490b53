using System.Text.Json;
using Secateur.Cli;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Profiling;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Tests.Cli;

public sealed class PlanCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    static readonly string[] Quick = ["--images", "scenes:16", "--candidates", "6", "--rounds", "3", "--methods", "random-drop,zero-tprune"];

    Captured Budget(params string[] arguments) => Captured.Run(["plan", "budget", "scenes-vit", "-o", folder["plan.json"], .. Quick, .. arguments]);

    [Fact]
    public void A_budget_gives_a_table_and_a_plan_that_other_commands_take()
    {
        Captured run = Budget("--macs", "0.6x", "--seed", "3");
        Assert.Contains(run.ExitCode, (int[])[ExitCode.Done, ExitCode.No]);
        string words = string.Join(' ', run.Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        foreach (string word in (string[])["dense", "100%", "speed", "random-drop", "zero-tprune", "8 of 16 drawn scenes"])
            Assert.Contains(word, words);
        Assert.Contains(folder["plan.json"], run.Error);
        TokenPlan plan = TokenPlanFile.Load(folder["plan.json"]);
        VisionTransformer network = Network.Load("scenes-vit", null);
        TokenPlanOrigin origin = Assert.IsType<TokenPlanOrigin>(plan.Origin);
        Assert.Equal((WeightsHash.Of(network), 3), (origin.Weights, origin.Seed));

        // On a busy machine three rounds may find nothing faster; then the plan is the dense one.
        Assert.Equal(run.ExitCode == ExitCode.No, plan.Stages.IsEmpty);
        Assert.Equal(MacCounter.Count(network, plan).Total, origin.Macs!.Plan);
        Assert.Equal(ExitCode.Done, Captured.Run("plans", folder["plan.json"]).ExitCode);
    }

    [Fact]
    public void As_json_the_answer_is_one_object_with_every_plan_that_was_timed()
    {
        Captured run = Budget("--macs", "60%", "--json");
        using JsonDocument json = JsonDocument.Parse(run.Out);
        JsonElement[] plans = [.. json.RootElement.GetProperty("plans").EnumerateArray()];
        Assert.InRange(plans.Length, 2, 6);
        double dense = json.RootElement.GetProperty("dense").GetProperty("macs").GetDouble();
        Assert.All(plans, plan => Assert.InRange(plan.GetProperty("macs").GetDouble(), 0.5 * dense, 0.6 * dense));
        Assert.All(plans, plan => Assert.Equal(8, plan.GetProperty("held-out").GetProperty("images").GetInt32()));
        Assert.Contains(plans, plan => plan.GetProperty("front").GetBoolean());
    }

    [Fact]
    public void A_budget_that_no_method_can_meet_gives_the_dense_plan_and_exit_code_1()
    {
        Captured run = Budget("--macs", "0.01x");
        Assert.Equal(ExitCode.No, run.ExitCode);
        Assert.Contains("random-drop", run.Error);
        Assert.Empty(TokenPlanFile.Load(folder["plan.json"]).Stages);
    }

    [Fact]
    public void A_latency_is_searched_by_a_profile_and_held_against_what_is_measured()
    {
        Captured.Run("profile", "scenes-vit", "--stride", "65", "--rounds", "2", "-o", folder["profile.json"]);
        Captured run = Budget("--latency", "0.7x", "--profile", folder["profile.json"], "--json");
        Assert.Contains(run.ExitCode, (int[])[ExitCode.Done, ExitCode.No]);
        using JsonDocument json = JsonDocument.Parse(run.Out);
        double dense = json.RootElement.GetProperty("dense").GetProperty("predicted").GetDouble();
        foreach (JsonElement plan in json.RootElement.GetProperty("plans").EnumerateArray())
            Assert.InRange(plan.GetProperty("predicted").GetDouble(), 0, 0.7 * dense);
        if (json.RootElement.GetProperty("reached").GetBoolean())
        {
            JsonElement chosen = json.RootElement.GetProperty("plans")[json.RootElement.GetProperty("chosen").GetInt32()];
            Assert.InRange(1 / chosen.GetProperty("speed").GetProperty("value").GetDouble(), 0, 0.7);
        }

        // An hour is enough for every token.
        Captured enough = Budget("--latency", "3600000ms", "--profile", folder["profile.json"]);
        Assert.Equal(ExitCode.Done, enough.ExitCode);
        Assert.Contains("needs no pruning", enough.Error);
        Assert.Empty(TokenPlanFile.Load(folder["plan.json"]).Stages);

        Captured other = Budget("--latency", "0.7x", "--profile", folder["profile.json"], "--batch", "2");
        Assert.Equal(ExitCode.BadInput, other.ExitCode);
        Assert.Contains("--batch 2", other.Error);
    }

    [Fact]
    public void Of_a_bound_on_what_is_lost_every_plan_timed_stays_within_it_on_the_pictures_of_the_search()
    {
        Captured run = Budget("--max-drop", "20%", "--json");
        using JsonDocument json = JsonDocument.Parse(run.Out);
        JsonElement[] plans = [.. json.RootElement.GetProperty("plans").EnumerateArray()];
        Assert.NotEmpty(plans);
        Assert.All(plans, plan => Assert.InRange(plan.GetProperty("search").GetProperty("accuracy").GetDouble(), plan.GetProperty("search").GetProperty("dense-accuracy").GetDouble() - 0.2, 1));
    }

    [Theory]
    [InlineData(197)]
    [InlineData(196, "--compatibility")]
    public void The_tail_effect_gives_its_utilities_and_one_cut_at_a_quarter_of_the_depth(int most, params string[] more)
    {
        Captured.Run("profile", "scenes-vit", "--stride", "65", "--rounds", "2", "-o", folder["profile.json"]);
        Captured run = Captured.Run([
            "plan", "tail-effect", "scenes-vit", "--profile", folder["profile.json"], "--images", "scenes:8", "--stride", "40", "--rounds", "3", "--json", "-o", folder["plan.json"], .. more]);
        Assert.Contains(run.ExitCode, (int[])[ExitCode.Done, ExitCode.No]);
        using JsonDocument json = JsonDocument.Parse(run.Out);
        JsonElement[] utilities = [.. json.RootElement.GetProperty("utilities").EnumerateArray()];
        Assert.Equal([most, most - 40, most - 80, most - 120, most - 160], utilities.Select(one => one.GetProperty("tokens").GetInt32()));
        JsonElement best = utilities.MaxBy(one => one.GetProperty("utility").GetDouble());
        int tokens = best.GetProperty("tokens").GetInt32(), remove = json.RootElement.GetProperty("remove").GetInt32();
        Assert.Equal(tokens, json.RootElement.GetProperty("tokens").GetInt32());
        Assert.Equal(Math.Max(0, more.Length == 0 ? 197 - tokens : 195 - tokens), remove);
        TokenPlan plan = TokenPlanFile.Load(folder["plan.json"]);
        Assert.NotNull(plan.Origin);
        if (run.ExitCode == ExitCode.Done)
            Assert.Equal((3, TokenPosition.AfterAttention, (int?)remove), (plan.Stages[0].Block, plan.Stages[0].Position, plan.Stages[0].Remove));
        else
            Assert.Empty(plan.Stages);
    }

    [Fact]
    public void A_profile_of_other_weights_is_refused()
    {
        Captured.Run("profile", "scenes-vit", "--stride", "195", "--rounds", "1", "-o", folder["profile.json"]);
        string text = File.ReadAllText(folder["profile.json"]);
        File.WriteAllText(folder["profile.json"], text.Replace(WeightsHash.Of(Network.Load("scenes-vit", null)), new('0', 64), StringComparison.Ordinal));
        Captured run = Budget("--macs", "0.5x", "--profile", folder["profile.json"]);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("00000000...", run.Error);

        File.WriteAllText(folder["profile.json"], text.Replace("\"patches\": 196", "\"patches\": 195", StringComparison.Ordinal));
        Captured changed = Budget("--macs", "0.5x", "--profile", folder["profile.json"]);
        Assert.Equal(ExitCode.BadInput, changed.ExitCode);
        Assert.Contains("1 + 195 tokens", changed.Error);
    }

    [Fact]
    public void A_profile_of_a_busy_machine_is_used_with_a_line_that_says_so()
    {
        Captured.Run("profile", "scenes-vit", "--stride", "195", "--rounds", "1", "-o", folder["profile.json"]);
        LatencyProfile profile = LatencyProfileFile.Load(folder["profile.json"]);
        BatchLatency batch = profile.Batches[0];
        var wide = batch with { Points = [.. batch.Points.Select(point => point with { Milliseconds = new(2, 1, 3) })] };
        LatencyProfileFile.Save(profile with { Batches = [wide] }, folder["profile.json"]);
        Captured run = Budget("--macs", "0.01x", "--profile", folder["profile.json"]);
        Assert.Equal(ExitCode.No, run.ExitCode);
        Assert.Contains("busy with other things", run.Error);
    }

    [Fact]
    public void A_plan_for_other_weights_is_refused_with_the_reason()
    {
        Budget("--macs", "0.01x");
        string text = File.ReadAllText(folder["plan.json"]), weights = TokenPlanFile.Load(folder["plan.json"]).Origin!.Weights;
        File.WriteAllText(folder["other.json"], text.Replace(weights, new('0', 64), StringComparison.Ordinal));
        foreach (string[] command in (string[][])[["plans", folder["other.json"]], ["demo", "--plan", folder["other.json"]], ["classify", "--model", "scenes-vit", "--plan", folder["other.json"], "x.png"]])
        {
            Captured run = Captured.Run(command);
            Assert.Equal(ExitCode.BadInput, run.ExitCode);
            Assert.Contains("other weights", run.Error);
            Assert.Contains("00000000...", run.Error);
        }
    }

    [Fact]
    public void A_plan_timed_on_another_device_is_used_with_a_line_that_says_so()
    {
        VisionTransformer network = Network.Load("scenes-vit", null);
        var origin = new TokenPlanOrigin
        {
            Architecture = "any",
            Weights = WeightsHash.Of(network),
            Tool = "secateur",
            Latency = new(1, 2, "an abacus", "0123456789ab") { Measured = 1 },
        };
        TokenPlanFile.Save(TokenPlan.Dense with { Origin = origin }, folder["elsewhere.json"]);
        Captured run = Captured.Run("plans", folder["elsewhere.json"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("an abacus", run.Error);
        Assert.Equal(1, run.Error.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("one goal")]
    [InlineData("one goal", "--macs", "0.5x", "--max-drop", "1%")]
    [InlineData("below all of it", "--macs", "1.5x")]
    [InlineData("below all of it", "--latency", "fast")]
    [InlineData("'none'", "--macs", "0.5x", "--methods", "none")]
    [InlineData("at most", "--macs", "0.5x", "--batch", "1000000000")]
    [InlineData("scenes:many", "--macs", "0.5x", "--images", "scenes:many")]
    public void A_command_line_that_cannot_be_meant_is_one_line(string says, params string[] arguments)
    {
        Captured run = Captured.Run(["plan", "budget", "scenes-vit", "-o", folder["plan.json"], .. arguments]);
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Contains(says, run.Error);
        Assert.Equal(1, run.Error.Count(c => c == '\n'));
    }

    public void Dispose() => folder.Dispose();
}
