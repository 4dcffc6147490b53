using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>
/// Zero-TPrune (Wang, Dedhia and Jha, "Zero-TPrune: Zero-Shot Token Pruning through Leveraging of the Attention Graph in Pre-Trained
/// Transformers", CVPR 2024, arXiv 2305.17328). One pruning layer: a vote ranks the tokens (I'), those too similar to more important ones
/// go (S), the rest vote again and the least important go (I). Nothing is merged; order is kept.
/// </summary>
public sealed class ZeroTPrune : ITokenReducer
{
    /// <summary>A pruning layer.</summary>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bulk is negative, there is no vote, or the order of the Minkowski metric is below 1.</exception>
    public ZeroTPrune(ZeroTPruneOptions? options = null)
    {
        Options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfNegative(Options.Similar);
        ArgumentOutOfRangeException.ThrowIfNegative(Options.Iterations);
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.Minkowski, 1);
    }

    /// <summary>What this pruning layer was told.</summary>
    public ZeroTPruneOptions Options { get; }

    /// <inheritdoc/>
    public TokenSignals Needs =>
        WeightedPageRank.Needs(Options.Iterations) | (Options.Similar > 0 ? SimilarityStage.Needs(Options.Feature) : TokenSignals.None);

    /// <summary>The bulk of the S-stage first, then floor(rate * rest) are kept (section 3.1).</summary>
    /// <inheritdoc/>
    public int CountToRemove(int patches, double keep) =>
        Options.Iterations == 0 ? Similar(patches) : patches - (int)(keep * (patches - Similar(patches)));

    /// <summary>Without votes the S-stage alone removes.</summary>
    /// <inheritdoc/>
    public int MostToRemove(int patches) => Options.Iterations == 0 ? Similar(patches) : patches;

    /// <inheritdoc/>
    public TokenMap Reduce(in TokenView view, int remove)
    {
        int patches = view.Patches, similar = Math.Min(remove, Similar(patches)), unimportant = Options.Iterations == 0 ? 0 : remove - similar;
        if (remove == 0)
            return TokenMap.Identity(view.Count);
        bool boost = Options.ClassBoost && view.HasClassToken;
        Span<float> importance = view.Count <= 2048 ? stackalloc float[view.Count] : new float[view.Count];
        var gone = new int[similar];
        using var rank = new WeightedPageRank(view, votes: Options.Iterations > 0);

        // I': one vote; its ranking only guides the partition.
        if (similar > 0)
        {
            if (Options.Iterations > 0)
                rank.Vote(new(Iterations: 1), boost, absent: default);
            else
                rank.FirstVote(view, boost);
            Aggregate(rank, view.Count, importance);

            // S: the most similar of the less important half go.
            SimilarityStage.Run(view, Options, importance[view.Prefix..], gone);
        }

        // I: those that are left vote, and the least important of them go.
        if (unimportant > 0)
        {
            rank.Vote(new(Options.Iterations, Options.Epsilon, Options.Renormalise), boost, gone);
            Aggregate(rank, view.Count - similar, importance);
        }

        return Survivors.Keep(view, gone, unimportant, importance);
    }

    /// <summary>The votes of I' and I (all of them held), the aggregation of heads, and the features and products of S.</summary>
    /// <inheritdoc/>
    public long SelectionMacs(SelectionShape shape, int remove)
    {
        int similar = Math.Min(remove, Similar(shape.Patches)), unimportant = Options.Iterations == 0 ? 0 : remove - similar;
        long heads = HeadAggregation.Macs(shape, Options.HeadMean);
        return (similar > 0 ? WeightedPageRank.Macs(shape, Math.Min(1, Options.Iterations)) + heads + SimilarityStage.Macs(shape, Options) : 0)
            + (unimportant > 0 ? WeightedPageRank.Macs(shape, Options.Iterations) + heads : 0);
    }

    int Similar(int patches) => Math.Min(Options.Similar, TokenPartition.Candidates(Options.Partition, patches));

    void Aggregate(WeightedPageRank rank, int voters, Span<float> importance) =>
        HeadAggregation.Run(rank, Options.HeadMean, Options.VarianceMinimum, Options.VarianceMaximum, voters, importance);
}
