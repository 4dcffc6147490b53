namespace Secateur.Models;

/// <summary>What a network's answers are, and so how far apart two of them are.</summary>
public enum AnswerKind
{
    /// <summary>Logits of two classes or more: compared as probabilities.</summary>
    Classes,

    /// <summary>Real numbers, one or several: compared by their squared difference.</summary>
    Numbers,

    /// <summary>A vector whose direction matters: compared at length 1.</summary>
    Embedding,
}
