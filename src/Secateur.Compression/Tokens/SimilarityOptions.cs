namespace Secateur.Compression.Tokens;

/// <summary>What the tokens of a similarity stage are compared by.</summary>
public enum SimilarityFeature
{
    /// <summary>Keys of the block.</summary>
    Key,

    /// <summary>Queries of the block.</summary>
    Query,

    /// <summary>Values of the block.</summary>
    Value,

    /// <summary>The tokens where the stage acts.</summary>
    X,

    /// <summary>The tokens as they entered the block.</summary>
    XPre,
}

/// <summary>What becomes of the heads of a key, query or value.</summary>
public enum FeatureHeads
{
    /// <summary>Their mean, [headDim].</summary>
    Mean,

    /// <summary>All of them, one after the other, [heads * headDim].</summary>
    Concatenated,
}

/// <summary>Who may go, and whom they are compared with.</summary>
public enum SimilarityPartition
{
    /// <summary>The less important half may go; compared with the more important half.</summary>
    SequentialU,

    /// <summary>The more important half may go; compared with the less important half.</summary>
    SequentialI,

    /// <summary>In the order of importance, every second token may go; compared with the others.</summary>
    Alternate,

    /// <summary>A half drawn by the seed may go; compared with the other half.</summary>
    Random,

    /// <summary>Every token may go; compared with all that are more important.</summary>
    None,
}

/// <summary>How alike two features are: the larger, the more alike.</summary>
public enum SimilarityMetric
{
    /// <summary>The cosine of their angle.</summary>
    Cosine,

    /// <summary>The dot product.</summary>
    Dot,

    /// <summary>Minus the Manhattan distance.</summary>
    L1,

    /// <summary>Minus the Euclidean distance.</summary>
    L2,

    /// <summary>Minus the largest difference.</summary>
    Linf,

    /// <summary>Minus the Minkowski distance of <see cref="ZeroTPruneOptions.Minkowski"/>.</summary>
    Minkowski,
}
