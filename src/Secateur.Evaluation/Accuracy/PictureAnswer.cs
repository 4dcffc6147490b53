using System.Collections.Immutable;

namespace Secateur.Evaluation.Accuracy;

/// <summary>What a network answered about one picture.</summary>
/// <param name="Top">Up to five classes, likeliest first; of equal ones the lower index first. Empty where the picture could not be read.</param>
/// <param name="Probability">Of the first of them, after softmax.</param>
/// <param name="Divergence">KL of these probabilities from the dense network's, nats: sum of p (log p - log q), p dense; 0 for the dense network itself.</param>
/// <param name="Macs">Multiply-adds that were executed for it, with patch embedding, classifier and selection.</param>
public readonly record struct PictureAnswer(ImmutableArray<int> Top, float Probability, double Divergence, long Macs)
{
    /// <summary>Those of <see cref="Macs"/> that selection took.</summary>
    public long SelectionMacs { get; init; }

    /// <summary>How many classes are kept.</summary>
    public const int Kept = 5;

    /// <summary>What stands for a picture that could not be read.</summary>
    public static PictureAnswer Bad { get; } = new([], 0, 0, 0);

    /// <summary>Whether the picture could not be read.</summary>
    public bool IsBad => Top.IsDefaultOrEmpty;
}
