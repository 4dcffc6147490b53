using Secateur.Compression.Tokens;
using Secateur.Models;
using Secateur.Models.Tokens;

namespace Secateur.Tests.Tokens;

/// <summary>What methods say their decisions cost, beside what they execute. (That a plan's count is a run's: <see cref="ZeroTPruneOnNetworksTests"/>.)</summary>
public sealed class SelectionMacsTests
{
    const int Heads = 3, HeadDim = 8, Width = Heads * HeadDim, Prefix = 1, Patches = 80, Tokens = Prefix + Patches, Remove = 35;

    static readonly BlockShape Block = new(Heads, HeadDim, 4 * Width, Gated: false);

    // A variance and a root mean square over heads, the squared lengths of mean keys, and each token that joins another one.
    const long Aggregation = 2 * Heads * Tokens, Lengths = Patches * HeadDim, Joins = Remove * Width;

    /// <summary>Methods, and what they multiply themselves, without kernels.</summary>
    public static TheoryData<string, ITokenReducer, long> MethodsAndTheirOwnProducts => new()
    {
        { "tome", new ToMe(), Lengths + Joins },
        { "tome kth", new ToMe(new() { Matching = ToMeMatching.Kth }), Lengths + Joins },
        { "tome random", new ToMe(new() { Matching = ToMeMatching.Random }), Lengths + Joins },
        { "zero-tprune", new ZeroTPrune(), (2 * Aggregation) + Lengths },
        { "zero-tprune, five votes in all", new ZeroTPrune(new() { Similar = 0, Renormalise = true }), Aggregation },
        { "zero-tprune, S alone, from column sums", new ZeroTPrune(new() { Similar = Remove, Iterations = 0 }), (Heads * Tokens) + Aggregation + Lengths },
        { "zero-tprune, concatenated queries", new ZeroTPrune(new() { Feature = SimilarityFeature.Query, FeatureHeads = FeatureHeads.Concatenated }), (2 * Aggregation) + (Patches * Width) },
        { "zero-tprune, whole tokens", new ZeroTPrune(new() { Feature = SimilarityFeature.X, Metric = SimilarityMetric.Dot }), 2 * Aggregation },
        { "zero-tprune, no halves", new ZeroTPrune(new() { Partition = SimilarityPartition.None }), (2 * Aggregation) + ((Patches + Patches - 1) * HeadDim) },
        { "zero-tprune, Manhattan", new ZeroTPrune(new() { Metric = SimilarityMetric.L1 }), 2 * Aggregation },
        { "zero-tprune, Euclid", new ZeroTPrune(new() { Metric = SimilarityMetric.L2 }), (2 * Aggregation) + (Patches / 2 * (Patches / 2) * HeadDim) },
        { "zero-tprune, arithmetic mean", new ZeroTPrune(new() { HeadMean = HeadMean.Arithmetic }), Aggregation + Lengths },
        { "zero-tprune-early", new ZeroTPruneEarly(), Aggregation + (Heads * Tokens * Tokens) },
        { "zero-tprune-early, as it is", new ZeroTPruneEarly(new() { Iterations = 5, Temperature = 1 }), Aggregation },
        { "diffrate", new DiffRate(new() { Merge = 33 }), ((33 + Patches - Remove) * Width) + (33 * Width) },
        { "diffrate, pruning alone", new DiffRate(), 0 },
        { "ltmp", new Ltmp(new() { MergeQuantile = 0.5, PruneQuantile = 0.1 }), Lengths + (Patches / 4 * Width) },
        { "dpc-knn", new DpcKnn(), Joins },
        { "k-medoids", new KMedoids(), Joins },
        { "ats", new AdaptiveTokenSampling(), Patches * Width },
        { "ats by head", new AdaptiveTokenSampling(new() { Form = SamplingForm.PatchOrder }), Patches * (Width + Heads) },
        { "evit", new EViT(), Joins },
        { "evit without fusion", new EViT(new() { Fuse = InattentiveFusion.None }), 0 },
        { "tail-effect", new TailEffectPruning(), Joins },
        { "composition", new Composition(), Aggregation + Lengths + Joins },
        { "composition of early votes and a merge", new Composition(new() { Score = CompositionScore.ZeroTpruneEarly, Rule = CompositionRule.Merge }), Aggregation + (Heads * Tokens * Tokens) + Lengths + Joins },
        { "composition of significance and similarity", new Composition(new() { Score = CompositionScore.Significance, Rule = CompositionRule.DropSimilar }), (Patches * Width) + Lengths },
        { "composition of one vote and a fused token", new Composition(new() { Votes = 1, Rule = CompositionRule.Fuse }), (Heads * Tokens) + Aggregation + Joins },
        { "composition of a draw and a drop", new Composition(new() { Score = CompositionScore.Random, Rule = CompositionRule.Drop }), 0 },
        { "top-k", new TopK(), 0 },
        { "spatten", new SpAtten(), 0 },
        { "random-drop", new RandomDrop(), 0 },
        { "centre-mask", new CentreMask(), 0 },
        { "dynamic-vit", new DynamicVit(), 0 },
        { "a-vit", new AVit(), 0 },
    };

    [Theory]
    [MemberData(nameof(MethodsAndTheirOwnProducts))]
    public void What_is_counted_is_what_kernels_execute_and_a_method_multiplies_itself(string name, ITokenReducer reducer, long own)
    {
        var kernels = new CountingKernels();
        TokenSequences sequence = TokenSequences.Draw(5, Prefix, Heads, HeadDim, Tokens);
        TokenView view = sequence.View() with { Kernels = kernels };
        Assert.InRange(reducer.Reduce(view, Remove).Count, 1, Tokens);
        Assert.Equal((name, kernels.Macs + own), (name, reducer.SelectionMacs(new(Tokens, Prefix, Width, Block), Remove)));
    }

    public static TheoryData<string> Methods => [.. TokenMethods.All.Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_decision_to_remove_nothing_costs_nothing_and_none_costs_less(string method)
    {
        foreach (ITokenReducer reducer in TokenMethods.Get(method).DefaultPlan(12, 196).Stages.Select(stage => stage.Reducer).Distinct())
            foreach (int prefix in (int[])[0, 1, 2, 5])
                for (int patches = 0; patches < 70; patches += 3)
                {
                    Assert.Equal(0, Cost(0));
                    for (int remove = 1; remove <= reducer.MostToRemove(patches); remove += 4)
                        Assert.InRange(Cost(remove), 0, long.MaxValue);

                    long Cost(int remove) => reducer.SelectionMacs(new(prefix + patches, prefix, Width, Block), remove);
                }
    }

    [Fact]
    public void ToMe_on_DeiT_S_costs_what_a_pencil_says()
    {
        // 196 mean keys (6 x 64 each) and their lengths (64), 98 x 98 cosines of 64, 13 tokens of 384 that join another one.
        var stage = new TokenStage(0, TokenPosition.AfterAttention, new ToMe()) { Remove = 13 };
        Assert.Equal((196 * (384 + 64)) + (98 * 98 * 64) + (13 * 384), stage.SelectionMacs(new(197, 1, 384, new(6, 64, 1536, false))));
    }

    [Fact]
    public void Zero_TPrune_on_DeiT_S_costs_what_a_pencil_says()
    {
        // Six votes of six heads over 197 x 197, two aggregations (variance and mean square), 196 mean keys and their lengths, 98 x 98 cosines of 64.
        var stage = new TokenStage(0, TokenPosition.AfterBlock, new ZeroTPrune()) { Remove = 30 };
        Assert.Equal((6 * 6 * 197 * 197) + (2 * 2 * 6 * 197) + (196 * (384 + 64)) + (98 * 98 * 64), stage.SelectionMacs(new(197, 1, 384, new(6, 64, 1536, false))));
    }
}
