namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>How OPTIN scores (Khaki &amp; Plataniotis, ICLR 2024).</summary>
public sealed record OptinOptions
{
    /// <summary>The weight of the answers' divergence beside the manifold loss: lambda_c. What it is a part of, <see cref="Balances"/>
    /// says. Under <see cref="Compatibility"/> the divergence of each unit is brought to this part of its manifold loss, to within a decade.</summary>
    public double Lambda { get; init; } = 1;

    /// <summary>Whether <see cref="Lambda"/> is a ratio of the two losses: their sums over all units are brought to it by one common factor, since
    /// the one sums over half a million pairs of rows and the other over answers. Otherwise it is that factor itself.</summary>
    public bool Balances { get; init; } = true;

    /// <summary>The temperature of the answers' divergence; 4 in the released configurations.</summary>
    public double Temperature { get; init; } = 4;

    /// <summary>Whether the temperature divides the logits, as usual. In the released code, and so under <see cref="Compatibility"/>, it does not, and
    /// only its square is left, a factor.</summary>
    public bool SoftensLogits { get; init; } = true;

    /// <summary>Token rows that the manifold loss relates to each other, drawn among those of all batches; 768 in the released code.</summary>
    public int ManifoldRows { get; init; } = 768;

    /// <summary>Of the draw of rows.</summary>
    public int Seed { get; init; }

    /// <summary>The released code's scores with the lambda of its configuration for MNLI; those for QNLI and DeiT-S have 0.01.</summary>
    public static OptinOptions Released { get; } = new() { Compatibility = true, Lambda = 0.1 };

    /// <summary>Whether scores are the released code's, its oddities included, rather than those of the paper's definition
    /// (I = sum over later blocks of L_MD + lambda L_KD).</summary>
    public bool Compatibility { get; init; }
}
