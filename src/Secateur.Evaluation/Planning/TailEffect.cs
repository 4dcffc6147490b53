using System.Collections.Immutable;
using Secateur.Models.Tokens;

namespace Secateur.Evaluation.Planning;

/// <summary>What is known of a number of tokens.</summary>
/// <param name="Tokens">Tokens that stay, those of the prefix included.</param>
/// <param name="Latency">Milliseconds of the whole network on them.</param>
/// <param name="Accuracy">The accuracy proxy under random removal, in [0, 1].</param>
public readonly record struct TailEffectPoint(int Tokens, double Latency, double Accuracy);

/// <summary>What a number of tokens is worth.</summary>
/// <param name="Point">The number, and what is known of it.</param>
/// <param name="OfLatency">U_L (eq. 2).</param>
/// <param name="OfAccuracy">U_A (eq. 3).</param>
/// <param name="Utility">U, the weighted sum.</param>
public readonly record struct TailEffectUtility(TailEffectPoint Point, double OfLatency, double OfAccuracy, double Utility);

/// <summary>
/// How many tokens to prune (Eliopoulos et al., "Pruning One More Token is Enough: Leveraging Latency-Workload Non-Linearities for Vision
/// Transformers on the Edge", WACV 2025, arXiv 2407.05941, section 3.1): latency is measured for each number of tokens, accuracy is
/// estimated by removing tokens at random, and the number with the largest utility stays.
/// </summary>
public static class TailEffect
{
    /// <summary>The utilities of all numbers of tokens.</summary>
    /// <param name="points">In any order, at least one; latencies above 0.</param>
    /// <param name="alpha">What latency weighs against accuracy, in [0, 1].</param>
    /// <returns>By falling number of tokens.</returns>
    public static ImmutableArray<TailEffectUtility> Utilities(IEnumerable<TailEffectPoint> points, double alpha)
    {
        TailEffectPoint[] falling = [.. points.OrderByDescending(point => point.Tokens)];
        double slowest = falling.Max(point => point.Latency), mostAccurate = falling.Max(point => point.Accuracy);
        return [.. falling.Select(point =>
        {
            // 1. U_L = 1 - L / max L (eq. 2), U_A = A / max A (eq. 3): divided by the maximum alone, as released.
            double ofLatency = 1 - (point.Latency / slowest), ofAccuracy = mostAccurate > 0 ? point.Accuracy / mostAccurate : 0;

            // 2. U = alpha U_L + (1 - alpha) U_A.
            return new TailEffectUtility(point, ofLatency, ofAccuracy, (alpha * ofLatency) + ((1 - alpha) * ofAccuracy));
        })];
    }

    /// <summary>n*: the largest utility; the most tokens where several are equal.</summary>
    /// <param name="falling">From <see cref="Utilities"/>.</param>
    public static TailEffectUtility Best(ImmutableArray<TailEffectUtility> falling) => falling.MaxBy(one => one.Utility);

    /// <summary>R (eq. 4): how many patches to prune, so that n* tokens are left.</summary>
    /// <param name="best">n*, tokens of the prefix included.</param>
    /// <param name="patches">N, without the prefix.</param>
    /// <param name="prefix">P.</param>
    /// <param name="compatibility">As the released code computes it: N - (n* + P), although n* counts the class token already and N does
    /// not; for one prefix token that prunes two fewer than lead to n*.</param>
    /// <returns>In [0, patches].</returns>
    public static int PatchesToPrune(int best, int patches, int prefix, bool compatibility) =>
        Math.Clamp(compatibility ? patches - (best + prefix) : patches + prefix - best, 0, patches);

    /// <summary>Where to prune (section 3.2): at 25% of the depth, block 3 (from 0) of 12, between attention and MLP.</summary>
    /// <param name="depth">Blocks of the network.</param>
    /// <param name="patches">R.</param>
    /// <param name="reducer">Who decides.</param>
    /// <returns>The stage.</returns>
    public static TokenStage Stage(int depth, int patches, ITokenReducer reducer) => new(depth / 4, TokenPosition.AfterAttention, reducer) { Remove = patches };
}
