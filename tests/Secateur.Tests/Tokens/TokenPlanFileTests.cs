using Secateur.Compression;
using Secateur.Compression.Tokens;
using Secateur.Models.Tokens;

namespace Secateur.Tests.Tokens;

public sealed class TokenPlanFileTests
{
    const string Head = "\"format\": \"secateur-token-plan\", \"version\": 1";

    [Fact]
    public void A_plan_written_by_hand_is_read_with_stage_options_over_plan_options()
    {
        TokenPlan plan = TokenPlanFile.Parse($$"""
            { {{Head}}, "name": "mine", "method": "zero-tprune", "options": { "similar": 10, "iterations": 5, "partition": "sequential-i" },
              "stages": [ { "block": 0, "keep": 0.9, "options": { "iterations": 30, "feature": "x-pre" } },
                          { "block": 2, "after": "attention", "remove": 7, "method": "random-drop", "options": { "seed": 4 } },
                          { "block": 3, "before": "block", "keep": 1, "method": "random-drop" } ] }
            """);
        Assert.Equal("mine", plan.Name);
        ZeroTPruneOptions first = Assert.IsType<ZeroTPrune>(plan.Stages[0].Reducer).Options;
        Assert.Equal(new ZeroTPruneOptions { Similar = 10, Iterations = 30, Partition = SimilarityPartition.SequentialI, Feature = SimilarityFeature.XPre }, first);
        Assert.Equal((0, TokenPosition.AfterBlock, 0.9), (plan.Stages[0].Block, plan.Stages[0].Position, plan.Stages[0].Keep));
        Assert.Equal((2, TokenPosition.AfterAttention, 7), (plan.Stages[1].Block, plan.Stages[1].Position, plan.Stages[1].Remove));
        Assert.Equal(4, Assert.IsType<RandomDrop>(plan.Stages[1].Reducer).Options.Seed);
        Assert.Equal(TokenPosition.BeforeBlock, plan.Stages[2].Position);
        string printed = TokenPlanFile.Print(plan);
        Assert.Equal(printed, TokenPlanFile.Print(TokenPlanFile.Parse(printed)));
    }

    [Fact]
    public void Every_named_plan_survives_its_file()
    {
        foreach (NamedTokenPlan named in TokenPlans.All)
        {
            string printed = TokenPlanFile.Print(named.For(12, 196));
            Assert.Equal(printed, TokenPlanFile.Print(TokenPlanFile.Parse(printed)));
        }
    }

    [Fact]
    public void Every_option_of_every_method_survives_when_it_is_not_the_default()
    {
        var options = new ZeroTPruneOptions
        {
            Similar = 3,
            Iterations = 7,
            Epsilon = 0.001,
            ClassBoost = false,
            HeadMean = HeadMean.Arithmetic,
            VarianceMinimum = 0.1,
            VarianceMaximum = 5,
            Renormalise = true,
            Feature = SimilarityFeature.XPre,
            FeatureHeads = FeatureHeads.Concatenated,
            Partition = SimilarityPartition.Random,
            Metric = SimilarityMetric.Minkowski,
            Minkowski = 5,
            Seed = -9,
        };
        var early = new ZeroTPruneEarlyOptions { Iterations = 5, Temperature = 0.1, HeadMean = HeadMean.Arithmetic };
        TokenPlan again = TokenPlanFile.Parse(TokenPlanFile.Print(new("all", [
            new(0, TokenPosition.AfterBlock, new ZeroTPrune(options)) { Keep = 0.5 },
            new(1, TokenPosition.AfterBlock, new ZeroTPruneEarly(early)) { Keep = 0.5 }])));
        Assert.Equal(options, Assert.IsType<ZeroTPrune>(again.Stages[0].Reducer).Options);
        Assert.Equal(early, Assert.IsType<ZeroTPruneEarly>(again.Stages[1].Reducer).Options);
    }

    static readonly TokenPlanOrigin Origin = new()
    {
        Architecture = "tiny",
        Weights = new('a', 64),
        Tool = "secateur 0.1.0",
        Seed = -3,
        Macs = new(7, 9_000_000_000),
        Latency = new(4, 2, "a processor", "0123456789ab") { Predicted = 1.25, Measured = 1.5, Dense = 2.75 },
        Quality = new("some pictures", 64, 0.9375) { Accuracy = 0.75, DenseAccuracy = 0.8125 },
    };

    [Fact]
    public void Where_a_plan_comes_from_survives_its_file()
    {
        TokenPlan plan = TokenPlans.Named("zero-tprune", 12, 196);
        foreach (TokenPlanOrigin origin in (TokenPlanOrigin[])[Origin, Origin with { Macs = null, Quality = null, Latency = Origin.Latency! with { Measured = null } }, Origin with { Latency = null }])
            Assert.Equal(origin, TokenPlanFile.Parse(TokenPlanFile.Print(plan with { Origin = origin })).Origin);
        Assert.Null(TokenPlanFile.Parse(TokenPlanFile.Print(plan)).Origin);
    }

    [Theory]
    [InlineData("\"seed\": -3", "\"seed\": 0.5", "origin.seed")]
    [InlineData("\"seed\": -3", "\"colour\": 1", "'colour'")]
    [InlineData("\"tool\"", "\"tools\"", "'tools'")]
    [InlineData("\"seed\": -3,", "", "no key 'seed'")]
    [InlineData("aaaaaaaa\"", "aaaaaaaA\"", "hexadecimal")]
    [InlineData("aaaaaaaa\"", "\"", "64 hexadecimal")]
    [InlineData("\"dense\": 9000000000", "\"dense\": -1", "origin.macs.dense")]
    [InlineData("\"predicted\": 1.25", "\"predicted\": 1e999", "origin.latency.predicted")]
    [InlineData("\"batch\": 4", "\"batch\": 0", "origin.latency.batch")]
    [InlineData("0123456789ab", "xyz", "origin.latency.device-hash")]
    [InlineData("\"agreement\": 0.9375", "\"agreement\": 1.01", "origin.quality.agreement")]
    [InlineData("\"agreement\": 0.9375,", "", "no key 'agreement'")]
    public void An_origin_that_says_what_cannot_be_is_refused(string what, string instead, string says)
    {
        string good = TokenPlanFile.Print(TokenPlan.Dense with { Origin = Origin });
        Assert.Contains(what, good);
        Assert.Contains(says, Assert.Throws<PlanException>(() => TokenPlanFile.Parse(good.Replace(what, instead, StringComparison.Ordinal))).Message);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[]", "expected an object")]
    [InlineData("{}", "secateur-token-plan")]
    [InlineData("{\"format\": \"other\", \"stages\": []}", "secateur-token-plan")]
    [InlineData("{\"format\": \"secateur-token-plan\", \"version\": 2, \"stages\": []}", "version 1")]
    [InlineData("{HEAD}", "stages")]
    [InlineData("{HEAD, \"stages\": 5}", "expected a list")]
    [InlineData("{HEAD, \"name\": \"\\u001b[31m\", \"stages\": []}", "control characters")]
    [InlineData("{HEAD, \"stages\": [], \"stages\": []}", "stages")]
    [InlineData("{HEAD, \"stages\": [], \"colour\": 1}", "'colour'")]
    [InlineData("{HEAD, \"method\": \"zero\", \"stages\": []}", "zero-tprune")]
    [InlineData("{HEAD, \"options\": {}, \"stages\": []}", "name it")]
    [InlineData("{HEAD, \"method\": \"zero-tprune\", \"options\": {\"similair\": 1}, \"stages\": []}", "'similair'")]
    [InlineData("{HEAD, \"method\": \"zero-tprune\", \"options\": {\"similar\": -1}, \"stages\": []}", "options.similar is -1")]
    [InlineData("{HEAD, \"method\": \"zero-tprune\", \"options\": {\"similar\": 1.5}, \"stages\": []}", "whole number")]
    [InlineData("{HEAD, \"method\": \"zero-tprune\", \"options\": {\"metric\": \"angle\"}, \"stages\": []}", "cosine, dot")]
    [InlineData("{HEAD, \"method\": \"zero-tprune\", \"options\": {\"epsilon\": \"0\"}, \"stages\": []}", "number from 0")]
    [InlineData("{HEAD, \"method\": \"zero-tprune\", \"options\": {\"renormalise\": 1}, \"stages\": []}", "true or false")]
    [InlineData("{HEAD, \"method\": \"tome\", \"options\": {\"every\": 2}, \"stages\": []}", "no effect: tome looks at it only when matching is kth")]
    [InlineData("{HEAD, \"stages\": [{\"block\": 0, \"keep\": 1, \"method\": \"ltmp\", \"options\": {\"merge-threshold\": 0.5}}]}", "threshold is value")]
    [InlineData("{HEAD, \"stages\": [{\"block\": 0, \"keep\": 1, \"method\": \"composition\", \"options\": {\"score\": \"random\", \"votes\": 7}}]}", "no effect")]
    [InlineData("{HEAD, \"method\": \"zero-tprune\", \"stages\": [1]}", "stages[0] is 1")]
    [InlineData("{HEAD, \"method\": \"zero-tprune\", \"stages\": [{\"keep\": 1}]}", "\"block\"")]
    [InlineData("{HEAD, \"stages\": [{\"block\": 0, \"keep\": 1}]}", "names no method")]
    [InlineData("{HEAD, \"method\": \"zero-tprune\", \"stages\": [{\"block\": 0}]}", "keep")]
    [InlineData("{HEAD, \"method\": \"zero-tprune\", \"stages\": [{\"block\": 0, \"keep\": 1, \"remove\": 1}]}", "either")]
    [InlineData("{HEAD, \"method\": \"zero-tprune\", \"stages\": [{\"block\": -1, \"keep\": 1}]}", "stages[0].block is -1")]
    [InlineData("{HEAD, \"method\": \"zero-tprune\", \"stages\": [{\"block\": 1e99, \"keep\": 1}]}", "stages[0].block")]
    [InlineData("{HEAD, \"method\": \"zero-tprune\", \"stages\": [{\"block\": 0, \"keep\": 0}]}", "above 0")]
    [InlineData("{HEAD, \"method\": \"zero-tprune\", \"stages\": [{\"block\": 0, \"keep\": 1e999}]}", "above 0")]
    [InlineData("{HEAD, \"method\": \"zero-tprune\", \"stages\": [{\"block\": 0, \"keep\": 1, \"after\": \"lunch\"}]}", "after lunch")]
    [InlineData("{HEAD, \"method\": \"zero-tprune\", \"stages\": [{\"block\": 0, \"keep\": 1, \"after\": \"block\", \"before\": \"block\"}]}", "both")]
    [InlineData("{HEAD, \"method\": \"zero-tprune\", \"stages\": [{\"block\": 3, \"keep\": 1}, {\"block\": 2, \"keep\": 1}]}", "in the order")]
    [InlineData("{HEAD, \"method\": \"zero-tprune\", \"stages\": [{\"block\": 0, \"keep\": 1, \"options\": [[[[[[[[[[]]]]]]]]]]}]}", "JSON")]
    public void What_is_no_plan_is_refused_with_the_place_and_what_was_expected(string json, string says)
    {
        var refused = Assert.Throws<PlanException>(() => TokenPlanFile.Parse(json.Replace("HEAD", Head, StringComparison.Ordinal), "a.json"));
        Assert.Contains("a.json", refused.Message);
        Assert.Contains(says, refused.Message);
    }

    [Fact]
    public void A_damaged_file_is_read_or_refused_and_nothing_else()
    {
        string good = TokenPlanFile.Print(TokenPlans.Named("zero-tprune-a", 12, 196) with { Origin = Origin });
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 3000; i++)
        {
            char[] text = good.ToCharArray();
            for (int change = random.Next(1, 4); change > 0; change--)
                text[random.Next(text.Length)] = (char)random.Next(32, 127);
            try
            {
                TokenPlanFile.Parse(new string(text)[..random.Next(text.Length / 2, text.Length + 1)]);
            }
            catch (PlanException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 3000);
    }

    [Fact]
    public void A_file_is_saved_loaded_and_found_by_its_path()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "plan.json");
        TokenPlan plan = TokenPlans.Named("zero-tprune", 12, 196);
        TokenPlanFile.Save(plan, path);
        Assert.Equal(TokenPlanFile.Print(plan), TokenPlanFile.Print(TokenPlans.Resolve(path, 12, 196)));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
        Assert.Contains("block 10", Assert.Throws<PlanException>(() => TokenPlans.Resolve(path, 6, 196)).Message);
        Assert.Contains("zero-tprune-b", Assert.Throws<PlanException>(() => TokenPlans.Resolve("nowhere.json", 12, 196)).Message);
        File.WriteAllBytes(path, new byte[(1 << 20) + 1]);
        Assert.Contains("bytes", Assert.Throws<PlanException>(() => TokenPlanFile.Load(path)).Message);
    }
}
