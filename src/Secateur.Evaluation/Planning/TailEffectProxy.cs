using Secateur.Compression.Tokens;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Planning;

/// <summary>The accuracy proxy of the tail effect's schedule (Eliopoulos et al., section 3.1): tokens removed at random, early. Whoever
/// chooses tokens by what they show should do better.</summary>
/// <param name="network">The network.</param>
/// <param name="judge">Its answers on some pictures.</param>
/// <param name="seed">Draws who goes, differently for each batch.</param>
/// <param name="compatibility">Removes before the first block, as the released code does; the paper says after the first layer.</param>
public sealed class TailEffectProxy(VisionTransformer network, PlanJudge judge, int seed, bool compatibility)
{
    const int Batch = 8;

    /// <summary>How well the network answers on this many tokens.</summary>
    /// <param name="tokens">Tokens that stay, those of the prefix included.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What was found on all pictures; <see cref="Accuracy"/> makes a number of it.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public PlanQuality At(int tokens, CancellationToken cancellation = default)
    {
        PlanQuality quality = default;
        for (int from = 0; from < judge.Pictures.Count; from += Batch)
        {
            var reducer = new RandomDrop(new() { Seed = seed + from });
            var stage = new TokenStage(0, compatibility ? TokenPosition.BeforeBlock : TokenPosition.AfterBlock, reducer) { Remove = network.PrefixTokens + network.PatchTokens - tokens };
            quality += judge.Judge(new("random removal", [stage]), from, Math.Min(Batch, judge.Pictures.Count - from), cancellation);
        }

        return quality;
    }

    /// <summary>A_n: right answers where there are labels, or else answers equal to the dense network's.</summary>
    /// <param name="quality">What was found.</param>
    /// <returns>A part, in [0, 1].</returns>
    public static double Accuracy(PlanQuality quality) => (quality.Accuracy ?? quality.Agreement).Part;
}
