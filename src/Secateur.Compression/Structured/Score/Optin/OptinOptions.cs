namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>How OPTIN scores (Khaki &amp; Plataniotis, ICLR 2024).</summary>
public sealed record OptinOptions
{
    /// <summary>The weight of the answers' divergence beside the manifold loss: the paper's lambda_c, 0.1 in its tables. Under
    /// <see cref="Compatibility"/> the released code aims at a ratio of 1 / lambda between the two, to within a decade.</summary>
    public double Lambda { get; init; } = 0.1;

    /// <summary>The temperature of the answers' divergence; 4 in the released configurations.</summary>
    public double Temperature { get; init; } = 4;

    /// <summary>Token rows that the manifold loss relates to each other, drawn among those of all batches; 768 in the released code.</summary>
    public int ManifoldRows { get; init; } = 768;

    /// <summary>Of the draw of rows.</summary>
    public int Seed { get; init; }

    /// <summary>Whether scores are those of the paper's definition (default) or of the released code.</summary>
    public OptinCompatibility Compatibility { get; init; } = OptinCompatibility.Paper;
}

/// <summary>Whose OPTIN.</summary>
public enum OptinCompatibility
{
    /// <summary>The paper's definition: I = sum over later blocks of L_MD + lambda L_KD.</summary>
    Paper,

    /// <summary>The released code for language, its oddities included.</summary>
    ReleasedLanguage,

    /// <summary>The released code for vision, its oddities included.</summary>
    ReleasedVision,
}
