using Secateur.Compression.Tokens.Scores;

namespace Secateur.Compression.Tokens;

/// <summary>What ranks the tokens of a composition; all scores are 0 or more.</summary>
public enum CompositionScore
{
    /// <summary>Zero-TPrune: weighted page rank, EIR and VHF.</summary>
    ZeroTprune,

    /// <summary>Zero-TPrune's early form: votes over sharpened attention.</summary>
    ZeroTpruneEarly,

    /// <summary>EViT, Top-K, DiffRate: the class token's attention.</summary>
    ClassAttention,

    /// <summary>LTMP: the attention received.</summary>
    Received,

    /// <summary>Tail-effect pruning: the attention received at the most by a head, and the value term.</summary>
    TailEffect,

    /// <summary>ATS: the class token's attention times the length of the value.</summary>
    Significance,

    /// <summary>The distance from the picture's centre.</summary>
    Centre,

    /// <summary>A draw.</summary>
    Random,
}

/// <summary>The scores by name.</summary>
internal static class CompositionScores
{
    internal static ITokenScore Make(CompositionOptions options) => options.Score switch
    {
        CompositionScore.ZeroTprune => new ZeroTPruneScore(options.Votes),
        CompositionScore.ZeroTpruneEarly => new ZeroTPruneEarlyScore(options.Votes),
        CompositionScore.ClassAttention => ClassAttentionScore.Instance,
        CompositionScore.Received => ReceivedAttentionScore.Instance,
        CompositionScore.TailEffect => new TailEffectScore(),
        CompositionScore.Significance => new SignificanceScore(),
        CompositionScore.Centre => new CentreScore(),
        _ => new RandomScore(options.Seed),
    };
}
