using System.Collections.Immutable;
using Secateur.Compression.Structured;
using Secateur.Compression.Structured.Patches;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Planning;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Structured;

/// <summary>One way to divide what is to be removed between heads and neurons on the one hand and tokens on the other.</summary>
/// <param name="Share">The part of the multiply-adds to be removed that heads and neurons give up, in [0, 1].</param>
/// <param name="Macs">Multiply-adds of a picture, blocks, embedding and head.</param>
/// <param name="Counts">How many patches enter each block.</param>
/// <param name="Quality">How it answers, compared with the dense network; of no pictures where it cannot meet the budget.</param>
public sealed record TauSplit(double Share, long Macs, ImmutableArray<int> Counts, PlanQuality Quality);

/// <summary>What a search found.</summary>
/// <param name="Best">Of the splits in which heads and neurons give up something, the one whose answers are nearest to the dense network's.</param>
/// <param name="Network">The dense network without the heads and neurons of that split.</param>
/// <param name="Structure">Which heads and neurons stay.</param>
/// <param name="Plan">Which tokens of it to compute.</param>
/// <param name="Splits">Every split that was looked at, by its share.</param>
public sealed record TauAnswer(TauSplit Best, VisionTransformer Network, StructurePlan Structure, TokenPlan Plan, ImmutableArray<TauSplit> Splits)
{
    /// <summary>Tokens alone, where their answers are nearer still: a network that was to become smaller does not, so that this is no answer; null where they are not.</summary>
    public TauSplit? Nearer => Splits.FirstOrDefault(split => split.Share == 0 && split.Quality.Images > 0 && split.Quality.Divergence < Best.Quality.Divergence);
}

/// <summary>OPTIN's tau: heads, neurons and tokens together (Khaki and Plataniotis, "The Need for Speed: Pruning Transformers with One Recipe", ICLR 2024).
/// How much of it tokens give up is searched for here; the released code draws it.</summary>
/// <param name="judge">Of the dense network, on pictures that scored nothing.</param>
/// <param name="prune">The network without heads and neurons so that it costs no more than a budget of multiply-adds.</param>
/// <param name="patches">How much the patches matter.</param>
/// <param name="method">Which token method removes as many as are counted.</param>
public sealed class TauSearch(PlanJudge judge, Func<double, (VisionTransformer Network, StructurePlan Structure)> prune, PatchScores patches, TokenMethod method)
{
    /// <summary>The shares that are looked at: 0, 0.1, ..., 1.</summary>
    public static ImmutableArray<double> Shares { get; } = [.. Enumerable.Range(0, 11).Select(tenth => tenth / 10.0)];

    /// <summary>The only share that the released code for vision looks at: it draws uniformly from [0.15, 0.30], and this is the first number that numpy draws after the seed 57
    /// of its configurations. For comparison with published numbers.</summary>
    public const double ReleasedShare = 0.16310244643532626;

    /// <summary>Searches. Deterministic.</summary>
    /// <param name="dense">The network.</param>
    /// <param name="budget">The most multiply-adds of a picture, blocks, embedding and head.</param>
    /// <param name="shares">Shares to look at; default: <see cref="Shares"/>.</param>
    /// <param name="progress">Told how many were looked at.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The best of them.</returns>
    /// <exception cref="ArgumentException">None can meet the budget.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public TauAnswer Run(
        VisionTransformer dense, double budget, ImmutableArray<double> shares = default, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dense);
        var splits = ImmutableArray.CreateBuilder<TauSplit>();
        TauAnswer? best = null;
        var walk = new PatchWalk(patches);
        long whole = MacCounter.Count(dense, TokenPlan.Dense).Total;
        foreach (double share in shares.IsDefault ? Shares : shares)
        {
            cancellation.ThrowIfCancellationRequested();

            // 1. Heads and neurons give up their share of what is to be removed.
            (VisionTransformer pruned, StructurePlan structure) = share == 0 ? (dense, StructurePlan.Whole(dense)) : prune(whole - (share * (whole - budget)));

            // 2. Patches give up the rest: as many as it takes, counted as the method executes them.
            if (walk.Meet(budget, counts => MacCounter.Count(pruned, Plan(pruned, counts)).Total) is not { } counts)
            {
                splits.Add(new(share, MacCounter.Count(pruned, TokenPlan.Dense).Total, [], default));
                continue;
            }

            // 3. How near the answers are to the dense network's.
            TokenPlan plan = Plan(pruned, counts);
            var split = new TauSplit(share, MacCounter.Count(pruned, plan).Total, counts, judge.Judge(pruned, plan, 0, judge.Pictures.Count, cancellation));
            splits.Add(split);
            if (share > 0 && (best is null || split.Quality.Divergence < best.Best.Quality.Divergence))
                best = new(split, pruned, structure, plan, []);
            progress?.Report(splits.Count);
        }

        return best is null
            ? throw new ArgumentException($"Tokens, heads and neurons of any share cannot bring {whole:n0} multiply-adds down to {budget:n0}.", nameof(budget))
            : best with { Splits = splits.ToImmutable() };
    }

    TokenPlan Plan(VisionTransformer pruned, ImmutableArray<int> counts) => PatchPlans.Of($"optin tau, {method.Name}", method, counts, pruned.Blocks);
}
