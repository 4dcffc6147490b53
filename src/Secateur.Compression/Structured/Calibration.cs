using System.Collections.Immutable;
using Secateur.Models;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Structured;

/// <summary>What a network is looked at with before anything is removed: a few batches of tokens as they enter its first block.</summary>
/// <param name="Network">The network.</param>
/// <param name="Batches">One batch at least; a method runs them one by one.</param>
public sealed record Calibration(Transformer Network, ImmutableArray<CalibrationBatch> Batches)
{
    /// <summary>Lengths of all sequences, tokens.</summary>
    public ImmutableArray<int> Lengths =>
        [.. Batches.SelectMany(batch => Enumerable.Range(0, batch.Tokens.Sequences).Select(s => batch.Tokens.Offsets[s + 1] - batch.Tokens.Offsets[s]))];
}

/// <summary>Sequences that run together.</summary>
/// <param name="Tokens">As they enter the first block; not changed by anybody.</param>
/// <param name="Labels">The class of each answer; empty where they are not known.</param>
public sealed record CalibrationBatch(TokenRows Tokens, ImmutableArray<int> Labels);
