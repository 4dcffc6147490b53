using System.Collections.Immutable;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>A plan that has a name.</summary>
/// <param name="Name">As the tool calls it.</param>
/// <param name="Summary">One line about it.</param>
/// <param name="For">Makes it for a network of this depth and number of patches.</param>
public sealed record NamedTokenPlan(string Name, string Summary, Func<int, int, TokenPlan> For);

/// <summary>Plans by name, and where to find one that has none.</summary>
public static class TokenPlans
{
    /// <summary>Every named plan, dense first. The published ones are for 12 blocks and 196 patches and are scaled for other networks.</summary>
    public static ImmutableArray<NamedTokenPlan> All { get; } =
    [
        new("dense", "every token everywhere", (_, _) => TokenPlan.Dense),
        new("zero-tprune", "the paper's main setting: 3.06 GMAC on DeiT-S", (d, p) => ZeroTPrunePlans.Default("zero-tprune", d, p)),
        new("zero-tprune-a", "published budget of 2.97 GMAC on DeiT-S", (d, p) => ZeroTPrunePlans.Default("zero-tprune-a", d, p, 1.135)),
        new("zero-tprune-b", "published budget of 2.50 GMAC on DeiT-S", (d, p) => ZeroTPrunePlans.Default("zero-tprune-b", d, p, 1.895)),
        new("zero-tprune-c", "published budget of 3.97 GMAC on DeiT-S", (d, p) => ZeroTPrunePlans.Default("zero-tprune-c", d, p, 0, [9, 9, 10, 10, 10])),
        new("zero-tprune-uni", "the main setting without class token boost", (d, p) => ZeroTPrunePlans.Default("zero-tprune-uni", d, p, options: new() { ClassBoost = false })),
        Early("zero-tprune-early", "3.55 GMAC on DeiT-S", [3, 6, 9], [.9, .8, .7]),
        Early("zero-tprune-early-votes5", "the same with five votes", [3, 6, 9], [.9, .8, .7], 5),
        Early("zero-tprune-early-90", "three times .9", [3, 6, 9], [.9, .9, .9]),
        Early("zero-tprune-early-80", "3.34 GMAC on DeiT-S", [3, 6, 9], [.8, .8, .8]),
        Early("zero-tprune-early-70", "2.87 GMAC on DeiT-S", [3, 6, 9], [.7, .7, .7]),
        Early("zero-tprune-early-60", "2.48 GMAC on DeiT-S", [3, 6, 9], [.6, .6, .6]),
        Early("zero-tprune-early-gentle", "a little after each of nine blocks", [3, 4, 5, 6, 7, 8, 9, 10, 11], [.99, .98, .99, .98, .95, .90, .85, .9, .85]),
        Early("zero-tprune-early-harsh", "very much from the first block on", [1, 4, 7, 10], [.6, .42, .5, .5]),
        Early("zero-tprune-early-six", "six places", [3, 6, 9, 10, 11, 12], [.9, .8, .9, .9, .9, .9]),
        Early("zero-tprune-early-six-deep", "six places, more at each: 0.85 GMAC on DeiT-T", [3, 6, 9, 10, 11, 12], [.8, .8, .7, .7, .7, .7]),
        new("zero-tprune-importance-tome-merge", "composition: the main setting of Zero-TPrune, but what goes is merged", CompositionPlans.ZeroTPruneAndToMe),
        new("tail-effect-cut-zero-tprune-ranking", "composition: one cut of 69 at a quarter of the depth, ranked by Zero-TPrune", (d, p) => CompositionPlans.CutByZeroTPrune(d, p)),
        new("random-drop", "as many as the main setting, drawn at random", ZeroTPrunePlans.RandomDrop),
        new("tome-r8", "ToMe, 8 in each block: 3.42 GMAC on DeiT-S", (d, p) => ToMe.Constant("tome-r8", d, p, 8)),
        new("tome-r11", "ToMe, 11 in each block: 2.99 GMAC on DeiT-S", (d, p) => ToMe.Constant("tome-r11", d, p, 11)),
        new("tome-r13", "ToMe, 13 in each block, its most used setting: 2.70 GMAC on DeiT-S", (d, p) => ToMe.Constant("tome-r13", d, p, 13)),
        new("tome-r16", "ToMe, 16 in each block: 2.29 GMAC on DeiT-S", (d, p) => ToMe.Constant("tome-r16", d, p, 16)),
        new("tome-decreasing", "ToMe, from 16 in the first block down to none", (d, p) => ToMe.Inflected("tome-decreasing", d, p, 8, -1)),
        new("tome-increasing", "ToMe, from none in the first block up to 16", (d, p) => ToMe.Inflected("tome-increasing", d, p, 8, 1)),
        new("diffrate", "DiffRate, the counts published for DeiT-S at 2.9 GFLOPs", DiffRate.Entry.DefaultPlan),
        new("ltmp", "LTMP without training: in each block 4% of the patches are merged and 4% pruned", Ltmp.Entry.DefaultPlan),
        new("spatten", "SpAtten's cascade: tokens from block 2 on, heads from block 4 on (from 0)", SpAtten.Entry.DefaultPlan),
        new("dpc-knn", "clusters round density peaks: .7, .49 and .343 left before blocks 3, 6 and 9 (from 0)", DpcKnn.Entry.DefaultPlan),
        new("k-medoids", "medoids alone: .7, .49 and .343 left after blocks 2, 5 and 8 (from 0)", KMedoids.Entry.DefaultPlan),
        TailEffect(56, "in the released example: DeiT-S, 3.62 GMAC"),
        TailEffect(69, "published for DeiT-S, one image: 3.40 GMAC"),
        TailEffect(70, "published for DeiT-B, two images"),
        TailEffect(77, "published for DeiT-S, two images: 3.27 GMAC"),
        Evit("evit-90", .9, "4.02 GMAC"),
        Evit("evit-80", .8, "3.48 GMAC"),
        Evit("evit-70", .7, "3.03 GMAC"),
        Evit("evit-60", .6, "2.64 GMAC"),
        Evit("evit-50", .5, "2.31 GMAC"),
        new("evit-70-no-fuse", "EViT, .7 kept in blocks 3, 6 and 9 (from 0), the others dropped", (d, _) => EViT.Plan("evit-70-no-fuse", d, .7, InattentiveFusion.None)),
        new("evit-70-mean", "EViT, .7 kept in blocks 3, 6 and 9 (from 0), the others' plain mean", (d, _) => EViT.Plan("evit-70-mean", d, .7, InattentiveFusion.Mean)),
        new("ats", "ATS, in every block from the fourth on: how many stay is the picture's", AdaptiveTokenSampling.Entry.DefaultPlan),
        new("top-k-70", "Top-K, down to .7, .49 and .343 in blocks 3, 6 and 9 (from 0)", (d, p) => TopK.Entry.DefaultPlan(d, p) with { Name = "top-k-70" }),
        TopKInEveryBlock(6),
        TopKInEveryBlock(8),
        TopKInEveryBlock(13),
        TopKInEveryBlock(15),
        new("dynamic-vit-untrained", "scores of an untrained predictor: .7, .49 and .343 left before blocks 3, 6 and 9 (from 0)", DynamicVit.Entry.DefaultPlan),
        new("a-vit-untrained", "the published halting, which without training halts almost nothing", AVit.Entry.DefaultPlan),
        new("centre-mask", "the .7 nearest to the middle before the first block", CentreMask.Entry.DefaultPlan),
    ];

    /// <summary>The plan of this name for a network.</summary>
    /// <param name="name">One of <see cref="All"/>, or a method's name for its default plan.</param>
    /// <param name="depth">Blocks of the network.</param>
    /// <param name="patches">Patches of its images.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="PlanException">There is no such name; the message lists those there are.</exception>
    public static TokenPlan Named(string name, int depth, int patches) =>
        (All.FirstOrDefault(plan => plan.Name == name)?.For
            ?? TokenMethods.All.FirstOrDefault(method => method.Name == name)?.DefaultPlan
            ?? throw new PlanException($"There is no plan '{name}'; choose one of {string.Join(", ", All.Select(plan => plan.Name))}, or give a JSON file."))
        (depth, patches);

    /// <summary>The plan of this name, or the one in this file.</summary>
    /// <param name="nameOrPath">One of <see cref="All"/>, a method's name for its default plan, or a JSON file of <see cref="TokenPlanFile"/>.</param>
    /// <param name="depth">Blocks of the network.</param>
    /// <param name="patches">Patches of its images.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="PlanException">There is neither such a name nor such a file, the file is not a plan, or it acts at a block that the network lacks.</exception>
    public static TokenPlan Resolve(string nameOrPath, int depth, int patches)
    {
        if (All.Any(plan => plan.Name == nameOrPath) || !File.Exists(nameOrPath))
            return Named(nameOrPath, depth, patches);
        TokenPlan plan = TokenPlanFile.Load(nameOrPath);
        if (plan.Stages.Length > 0 && plan.Stages[^1].Block is var block && block >= depth)
            throw new PlanException($"{nameOrPath} acts at block {block}, and the network's {depth} blocks are 0 to {depth - 1}; use a plan for its depth.");
        return plan;
    }

    static NamedTokenPlan TailEffect(int remove, string summary) =>
        new($"tail-effect-r{remove}", $"one cut of {remove} in the fourth block, {summary}", (d, p) => TailEffectPruning.Plan($"tail-effect-r{remove}", d, p, remove));

    static NamedTokenPlan Evit(string name, double rate, string cost) =>
        new(name, $"EViT, {rate} kept in blocks 3, 6 and 9 (from 0), the others fused: {cost} on DeiT-S", (d, _) => EViT.Plan(name, d, rate));

    static NamedTokenPlan TopKInEveryBlock(int remove) =>
        new($"top-k-r{remove}", $"Top-K, {remove} go in each block", (d, p) => TopK.Published($"top-k-r{remove}", d, p, remove));

    static NamedTokenPlan Early(string name, string summary, int[] blocks, double[] rates, int iterations = 1) =>
        new(name, "early form, " + summary, (depth, _) => ZeroTPrunePlans.Early(name, depth, blocks, rates, iterations));
}
