using Secateur.Compression.Structured;
using Secateur.Compression.Tokens;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Onnx;

/// <summary>Graphs of methods that merge, cluster, remember and compose: their options, and what is their own.</summary>
public sealed class MergingGraphTests
{
    static readonly Dictionary<string, Func<int, TokenStage>> Cases = new()
    {
        ["tome"] = block => After(block, new ToMe(), .75),
        ["tome, every source"] = block => After(block, new ToMe(new() { ProportionalAttention = false }), .01),
        ["tome, kth"] = block => After(block, new ToMe(new() { Matching = ToMeMatching.Kth, Every = 3 }), .8),
        ["tome, random"] = block => After(block, new ToMe(new() { Matching = ToMeMatching.Random, Seed = block }), .8),
        ["diffrate"] = block => After(block, new DiffRate(new() { Merge = 5 }), .7),
        ["diffrate, all merge"] = block => After(block, new DiffRate(new() { Merge = 99, ProportionalAttention = false }), .8),
        ["diffrate, none merges"] = block => After(block, new DiffRate(), .8),
        ["ltmp"] = block => After(block, new Ltmp(new() { MergeQuantile = .6, PruneQuantile = .3 }), .1),
        ["ltmp, merging alone"] = block => After(block, new Ltmp(new() { MergeQuantile = .7, PruneQuantile = 0 }), .5),
        ["ltmp, pruning alone"] = block => After(block, new Ltmp(new() { MergeQuantile = 1, PruneQuantile = .2 }), .5),
        ["ltmp, too few to merge"] = block => After(block, new Ltmp(new() { MergeQuantile = .999, PruneQuantile = .2, ProportionalAttention = false }), .5),
        ["dpc-knn, one neighbour"] = block => After(block, new DpcKnn(new() { Neighbours = 1 }), .6),
        ["dpc-knn, more neighbours than patches"] = block => After(block, new DpcKnn(new() { Neighbours = 64 }), .6),
        ["k-medoids"] = block => After(block, new KMedoids(), .6),
        ["k-medoids, after they stand still"] = block => After(block, new KMedoids(new() { Iterations = 12 }), .3),
        ["k-medoids, farthest points"] = block => After(block, new KMedoids(new() { Start = MedoidStart.FarthestPoint, Seed = block, Iterations = 1 }), .6),
        ["spatten"] = block => After(block, new SpAtten(), .8),
        ["spatten, fewer and fewer heads"] = block => After(block, new SpAtten(new() { HeadKeep = 1 - (.2 * block) }), block == 0 ? 1 : .8),
    };

    // With a class token and distillation, of another grid, and without any prefix token.
    public static TheoryData<string, string> NetworksAndCases => Pairs(["tiny-deit-distilled", "odd-vit", "timm/no-class-token"], Cases.Keys);

    public static TheoryData<string, string> ScoresAndRules => Pairs(Enum.GetNames<CompositionScore>(), Enum.GetNames<CompositionRule>());

    [SkippableTheory]
    [MemberData(nameof(NetworksAndCases))]
    public void Whatever_the_options_a_graph_decides_as_the_engine_does(string network, string name)
    {
        VisionTransformer loaded = Load(network);
        Same(loaded, InEveryOther(loaded, Cases[name]));
    }

    [SkippableTheory]
    [MemberData(nameof(ScoresAndRules))]
    public void Every_score_goes_with_every_rule(string score, string rule)
    {
        foreach (string name in new[] { "tiny-vit", "timm/no-class-token" })
        {
            VisionTransformer network = Load(name);
            Same(network, InEveryOther(network, block => After(block, new Composition(new()
            {
                Score = Enum.Parse<CompositionScore>(score),
                Rule = Enum.Parse<CompositionRule>(rule),
                Votes = 1 + block,
                Seed = block,
                Fuse = (InattentiveFusion)(block / 2 % 4),
            }), .7)));
        }
    }

    [SkippableTheory]
    [InlineData("tiny-vit")]
    [InlineData("timm/mae-avg-pool")]
    public void Where_every_patch_goes_prefix_tokens_answer_alone(string name) => Same(Load(name), new("all go",
    [
        After(0, new SpAtten(), .5),
        After(1, new Composition(new() { Score = CompositionScore.Received, Rule = CompositionRule.Drop }), .0001),
    ]));

    [SkippableFact]
    public void In_a_block_with_another_number_of_heads_all_are_computed()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        StructurePlan whole = StructurePlan.Whole(network);
        var pruned = (VisionTransformer)Surgeon.Apply(network, whole with { Layers = whole.Layers.SetItem(2, whole.Layers[2] with { Heads = [1, 2, 3] }) });
        var half = new SpAtten(new() { HeadKeep = .5 });
        Same(pruned, new("looked at", [After(1, half, .8), After(2, half, .8), After(3, half, .8), After(4, half, .8)]));
        Same(pruned, new("passed by", [After(1, half, .8), After(3, half, .8)]));
    }

    [Fact]
    public void Thresholds_by_value_are_refused_and_quantiles_proposed()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        var plan = new TokenPlan("values", [After(0, new Ltmp(new() { Threshold = LtmpThreshold.Value }), .5)]);
        string message = Assert.Throws<OnnxExportException>(() => OnnxExport.Vision(network, plan)).Message;
        Assert.Contains("\"threshold\": \"quantile\"", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    static void Same(VisionTransformer network, TokenPlan plan)
    {
        var run = new GraphRun(network, plan, GraphPictures.Of(network), 3, free: true);
        Assert.Null(run.Difference());
        Assert.True(run.Ties < 3, "scores of every picture are as good as equal");
    }

    static TokenPlan InEveryOther(VisionTransformer network, Func<int, TokenStage> stage) =>
        new("every other block", [.. Enumerable.Range(0, (network.Depth + 1) / 2).Select(i => stage(2 * i))]);

    static TokenStage After(int block, ITokenReducer reducer, double keep) => new(block, TokenPosition.AfterAttention, reducer) { Keep = keep };

    static VisionTransformer Load(string name) => name.StartsWith("timm/", StringComparison.Ordinal) ? VisionTransformer.Load(Fixtures.Path(name)) : TinyNetworks.Load(name);

    static TheoryData<string, string> Pairs(IEnumerable<string> first, IEnumerable<string> second)
    {
        var data = new TheoryData<string, string>();
        foreach (string a in first)
            foreach (string b in second)
                data.Add(a, b);
        return data;
    }
}
