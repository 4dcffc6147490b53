using static Secateur.Compression.Tokens.TokenOptions<Secateur.Compression.Tokens.ZeroTPruneOptions>;

namespace Secateur.Compression.Tokens;

/// <summary>Zero-TPrune, its early form and its baseline, as the catalogue knows them.</summary>
internal static class ZeroTPruneMethod
{
    const string Paper = "Wang, Dedhia and Jha, \"Zero-TPrune: Zero-Shot Token Pruning through Leveraging of the Attention Graph in Pre-Trained Transformers\", CVPR 2024, arXiv 2305.17328";

    internal static TokenMethod Whole { get; } = new TokenMethod<ZeroTPrune, ZeroTPruneOptions>(
        options => new(options), reducer => reducer.Options, new(),
        [
            Whole("similar", 0, 1_000_000, "tokens that the similarity stage drops", o => o.Similar, (o, v) => o with { Similar = v }),
            Whole("iterations", 0, 1000, "votes of the importance stage; 0 leaves it out", o => o.Iterations, (o, v) => o with { Iterations = v }),
            Number("epsilon", 0, 1e6, "ends the votes when no score moves by more; 0 for never", o => o.Epsilon, (o, v) => o with { Epsilon = v }),
            Flag("class-boost", "whether the class token starts with sqrt(N)", o => o.ClassBoost, (o, v) => o with { ClassBoost = v }),
            Choice("head-mean", "how heads are put together", o => o.HeadMean, (o, v) => o with { HeadMean = v }),
            Number("variance-minimum", 0, 1e6, "smallest variance of a head that counts", o => o.VarianceMinimum, (o, v) => o with { VarianceMinimum = v }),
            Number("variance-maximum", 0, 1e6, "largest variance of a head that counts", o => o.VarianceMaximum, (o, v) => o with { VarianceMaximum = v }),
            Flag("renormalise", "whether rows sum to 1 again after the similarity stage", o => o.Renormalise, (o, v) => o with { Renormalise = v }),
            Choice("feature", "what the similarity stage compares", o => o.Feature, (o, v) => o with { Feature = v }),
            Choice("feature-heads", "what becomes of the heads of a feature", o => o.FeatureHeads, (o, v) => o with { FeatureHeads = v }),
            Choice("partition", "who may go in the similarity stage", o => o.Partition, (o, v) => o with { Partition = v }),
            Choice("metric", "how alike two features are", o => o.Metric, (o, v) => o with { Metric = v }),
            Number("minkowski", 1, 100, "order of the Minkowski metric", o => o.Minkowski, (o, v) => o with { Minkowski = v }).When("metric is minkowski", o => o.Metric == SimilarityMetric.Minkowski),
            Whole("seed", int.MinValue, int.MaxValue, "draws the halves of the random partition", o => o.Seed, (o, v) => o with { Seed = v }).When("partition is random", o => o.Partition == SimilarityPartition.Random),
        ])
    {
        Name = "zero-tprune",
        Title = "Zero-TPrune",
        Citation = Paper,
        Drops = true,
        DefaultPlan = (depth, patches) => ZeroTPrunePlans.Default("zero-tprune", depth, patches),
        Family = ZeroTPrunePlans.Family,
    };

    internal static TokenMethod Early { get; } = new TokenMethod<ZeroTPruneEarly, ZeroTPruneEarlyOptions>(
        options => new(options), reducer => reducer.Options, new(),
        [
            TokenOptions<ZeroTPruneEarlyOptions>.Whole("iterations", 1, 1000, "votes; 1 is the column mean", o => o.Iterations, (o, v) => o with { Iterations = v }),
            TokenOptions<ZeroTPruneEarlyOptions>.Number("temperature", 0.01, 100, "sharpens the attention below 1", o => o.Temperature, (o, v) => o with { Temperature = v }),
            TokenOptions<ZeroTPruneEarlyOptions>.Choice("head-mean", "how heads are put together", o => o.HeadMean, (o, v) => o with { HeadMean = v }),
        ])
    {
        Name = "zero-tprune-early",
        Title = "Zero-TPrune, early form",
        Citation = "the first author's early code, github.com/Hongjiew/Transformer_pruning; " + Paper,
        Drops = true,
        DefaultPlan = (depth, patches) => ZeroTPrunePlans.Early("zero-tprune-early", depth, [3, 6, 9], [.9, .8, .7], 1),
        Family = (depth, _, strength) => ZeroTPrunePlans.Early("zero-tprune-early", depth, [3, 6, 9], [1 - (.3 * strength), 1 - (.6 * strength), 1 - (.9 * strength)], 1),
    };

    internal static TokenMethod Random { get; } = new TokenMethod<RandomDrop, RandomDropOptions>(
        options => new(options), reducer => reducer.Options, new(),
        [TokenOptions<RandomDropOptions>.Whole("seed", int.MinValue, int.MaxValue, "draws who goes", o => o.Seed, (o, v) => o with { Seed = v })])
    {
        Name = "random-drop",
        Title = "Random drop",
        Citation = "the baseline in the ablation of: " + Paper,
        Drops = true,
        DependsOnPlace = true,
        Draws = true,
        DefaultPlan = ZeroTPrunePlans.RandomDrop,
        Family = (depth, patches, strength) => ZeroTPrunePlans.RandomDrop(ZeroTPrunePlans.Family(depth, patches, strength), patches),
    };
}
