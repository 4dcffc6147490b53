namespace Secateur.Compression.Tokens;

/// <summary>What <see cref="ZeroTPrune"/> may be told. The defaults are the paper's own; where the paper is silent, docs/methods/zero-tprune.md says why.</summary>
public sealed record ZeroTPruneOptions
{
    /// <summary>Tokens that the similarity stage drops; 0 leaves the stage out.</summary>
    public int Similar { get; init; } = 10;

    /// <summary>Votes of the importance stage: 30 to 50 in the first blocks, 5 to 10 in the middle, 1 in the last; 0 leaves the stage out.</summary>
    public int Iterations { get; init; } = 5;

    /// <summary>Ends the votes earlier when no score moves by more than this (an ordinary token starts with 1); 0 for never.</summary>
    public double Epsilon { get; init; }

    /// <summary>Whether the class token starts with the square root of the number of tokens instead of 1; false is the variant "uni".
    /// Without prefix tokens there is no class token and nothing is boosted.</summary>
    public bool ClassBoost { get; init; } = true;

    /// <summary>How heads are put together: EIR, or the plain mean.</summary>
    public HeadMean HeadMean { get; init; } = HeadMean.RootMeanSquare;

    /// <summary>Smallest variance of a head that counts (VHF).</summary>
    public double VarianceMinimum { get; init; } = 0.01;

    /// <summary>Largest variance of a head that counts (VHF).</summary>
    public double VarianceMaximum { get; init; } = 0.7;

    /// <summary>Whether attention rows are scaled to sum to 1 again over the tokens that the similarity stage leaves.</summary>
    public bool Renormalise { get; init; }

    /// <summary>What the similarity stage compares.</summary>
    public SimilarityFeature Feature { get; init; } = SimilarityFeature.Key;

    /// <summary>What becomes of the heads of keys, queries and values.</summary>
    public FeatureHeads FeatureHeads { get; init; } = FeatureHeads.Mean;

    /// <summary>Who may go in the similarity stage.</summary>
    public SimilarityPartition Partition { get; init; } = SimilarityPartition.SequentialU;

    /// <summary>How alike two features are.</summary>
    public SimilarityMetric Metric { get; init; } = SimilarityMetric.Cosine;

    /// <summary>The order of <see cref="SimilarityMetric.Minkowski"/>, at least 1.</summary>
    public double Minkowski { get; init; } = 3;

    /// <summary>Draws the halves of <see cref="SimilarityPartition.Random"/>.</summary>
    public int Seed { get; init; }
}
