namespace Secateur.Compression.Tokens;

/// <summary>What the thresholds of <see cref="Ltmp"/> are.</summary>
public enum LtmpThreshold
{
    /// <summary>Quantiles within each picture: the same share goes in all of them.</summary>
    Quantile,

    /// <summary>Numbers: how many go depends on the picture, as in the paper, which learns them.</summary>
    Value,
}

/// <summary>What <see cref="Ltmp"/> may be told.</summary>
public sealed record LtmpOptions
{
    /// <summary>Which thresholds hold.</summary>
    public LtmpThreshold Threshold { get; init; } = LtmpThreshold.Quantile;

    /// <summary>Cosine above which a token merges with its partner; at 1 nothing merges.</summary>
    public double MergeThreshold { get; init; } = 1;

    /// <summary>Importance (mean attention received) up to which a token is pruned.</summary>
    public double PruneThreshold { get; init; }

    /// <summary>Quantile of the similarities above which tokens merge: 1 for nothing, 0 for every token that has a partner (half of them).</summary>
    public double MergeQuantile { get; init; } = 0.92;

    /// <summary>Quantile of the importances, after merging, up to which tokens are pruned: 0 for nothing, 1 for all.</summary>
    public double PruneQuantile { get; init; } = 0.04;

    /// <summary>Whether merged tokens weigh as many in later attention as they stand for.</summary>
    public bool ProportionalAttention { get; init; } = true;
}
