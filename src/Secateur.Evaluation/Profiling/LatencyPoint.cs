using System.Collections.Immutable;

namespace Secateur.Evaluation.Profiling;

/// <summary>The time of one block.</summary>
/// <param name="Attention">Milliseconds of norm, attention and residual.</param>
/// <param name="Mlp">Milliseconds of norm, MLP and residual.</param>
public readonly record struct BlockLatency(double Attention, double Mlp)
{
    /// <summary>Milliseconds of the whole block.</summary>
    public double Total => Attention + Mlp;
}

/// <summary>What a network takes at one number of tokens.</summary>
/// <param name="Tokens">Tokens that enter the first block, those of the prefix included; no block removes any.</param>
/// <param name="Milliseconds">One run of the whole batch: embedding, blocks, head.</param>
/// <param name="Samples">How many runs were timed.</param>
public sealed record LatencyPoint(int Tokens, Spread Milliseconds, int Samples)
{
    /// <summary>Milliseconds outside the blocks: embedding and head; 0 where blocks are not known.</summary>
    public double Outside { get; init; }

    /// <summary>The time of every block, [depth]; empty where only the whole is known. Medians, scaled together with
    /// <see cref="Outside"/> so that they add up to the median of the whole.</summary>
    public ImmutableArray<BlockLatency> Blocks { get; init; } = [];
}

/// <summary>One timed run.</summary>
/// <param name="Round">Each round visits every number of tokens that still wants samples, in an order of its own.</param>
/// <param name="Tokens">Tokens that entered the first block.</param>
/// <param name="Milliseconds">The whole run.</param>
/// <param name="Blocks">The time of every block, [depth]; empty where only the whole is known.</param>
public sealed record LatencySample(int Round, int Tokens, double Milliseconds, ImmutableArray<BlockLatency> Blocks);
