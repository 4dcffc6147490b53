using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>What <see cref="ZeroTPruneEarly"/> may be told.</summary>
public sealed record ZeroTPruneEarlyOptions
{
    /// <summary>Votes: 1 is the column mean of the sharpened attention, 5 the released rank.</summary>
    public int Iterations { get; init; } = 1;

    /// <summary>Temperature of the attention that votes; below 1 it is sharpened.</summary>
    public double Temperature { get; init; } = 0.5;

    /// <summary>How heads are put together.</summary>
    public HeadMean HeadMean { get; init; } = HeadMean.RootMeanSquare;
}

/// <summary>
/// The early form of Zero-TPrune that its first author's code runs (Hongjiew/Transformer_pruning): an importance stage alone, over
/// sharpened attention, with a uniform start. The published points at 3.55 GMAC on DeiT-S were made with it.
/// </summary>
public sealed class ZeroTPruneEarly : ITokenReducer
{
    /// <summary>A pruning layer.</summary>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no vote, or the temperature is not positive.</exception>
    public ZeroTPruneEarly(ZeroTPruneEarlyOptions? options = null)
    {
        Options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Options.Iterations);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Options.Temperature);
    }

    /// <summary>What this pruning layer was told.</summary>
    public ZeroTPruneEarlyOptions Options { get; }

    /// <inheritdoc/>
    public TokenSignals Needs => TokenSignals.Attention;

    /// <inheritdoc/>
    public TokenMap Reduce(in TokenView view, int remove)
    {
        if (remove == 0)
            return TokenMap.Identity(view.Count);
        Span<float> importance = view.Count <= 2048 ? stackalloc float[view.Count] : new float[view.Count];
        Importance(view, importance);
        return Survivors.Keep(view, [], remove, importance);
    }

    /// <summary>The votes, the aggregation of heads and, at the default temperature, the squares that sharpen the attention.</summary>
    /// <inheritdoc/>
    public long SelectionMacs(SelectionShape shape, int remove) => remove == 0 ? 0 : ImportanceMacs(shape);

    internal long ImportanceMacs(SelectionShape shape) =>
        WeightedPageRank.Macs(shape, Options.Iterations) + HeadAggregation.Macs(shape, Options.HeadMean) + Sharpening.Macs(shape, 1 / Options.Temperature);

    /// <summary>The scores, on the scale where an ordinary token starts with 1, [tokens].</summary>
    internal void Importance(in TokenView view, Span<float> importance)
    {
        using var rank = new WeightedPageRank(view);
        rank.Vote(new(Options.Iterations, Temperature: Options.Temperature), classBoost: false, absent: default);
        HeadAggregation.Run(rank, Options.HeadMean, double.NegativeInfinity, double.PositiveInfinity, view.Count, importance);
    }
}
