namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>How <see cref="FastOptin"/> estimates.</summary>
public sealed record FastOptinOptions
{
    /// <summary>What is estimated; the released code's oddities are not.</summary>
    public OptinOptions Optin { get; init; } = new();

    /// <summary>Random directions of the manifold loss, each a way back through the network. The relative spread of a score is about
    /// sqrt(2 / (directions * sequences)): 4 do for 32 sequences, few sequences want more.</summary>
    public int Probes { get; init; } = 4;

    /// <summary>Random directions of the answers' divergence.</summary>
    public int AnswerProbes { get; init; } = 4;

    /// <summary>Whether heads are scored exactly: they are few, and to remove one is no small change.</summary>
    public bool ExactHeads { get; init; } = true;

    /// <summary>Where heads are scored exactly: how many neurons are too, at most, one a block and none of the last, for one factor that puts all
    /// neurons on the same scale; 0 for none.</summary>
    public int MeasuredNeurons { get; init; } = 6;

    /// <summary>Of the random directions.</summary>
    public int Seed { get; init; }
}
