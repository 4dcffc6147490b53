using Secateur.Evaluation.Accuracy;
using Secateur.Models.Bert;

namespace Secateur.Cli.Commands.Evaluating;

/// <summary>All that was measured on texts, for those who say it.</summary>
/// <param name="Model">As it was named.</param>
/// <param name="Against">The other network as it was named; null for none.</param>
/// <param name="Network">The network.</param>
/// <param name="Answers">What it answered.</param>
/// <param name="Summary">What that means.</param>
/// <param name="TextsPerSecond">How many texts it read a second, with turning them into tokens.</param>
internal sealed record TextEvaluation(string Model, string? Against, TextTransformer Network, TextAnswers Answers, TextSummary Summary, double TextsPerSecond)
{
    /// <summary>The table as it was named.</summary>
    public string Data { get; init; } = "";

    /// <summary>How many regressions are shown.</summary>
    public int Top { get; init; }

    /// <summary>Whether accuracy is shown class by class.</summary>
    public bool PerClass { get; init; }

    /// <summary>Mean tokens of a text, special ones included.</summary>
    public double MeanTokens => Answers.Tokens.Average();

    /// <summary>Tokens of the longest text as it ran.</summary>
    public int MostTokens => Answers.Tokens.Max();

    /// <summary>A class for people.</summary>
    public string ClassName(int index) => index >= 0 && index < Network.Config.Labels.Length ? Network.Config.Labels[index] : $"class {index}";
}
