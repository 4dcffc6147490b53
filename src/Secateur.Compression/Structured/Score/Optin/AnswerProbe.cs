using Secateur.Models;

namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>Random directions for <see cref="AnswerLoss"/>. A small change d of an answer's logits has T^2 KL = d^T (diag(p) - p p^T) d / 2 to second
/// order, p softened by T, and diag(p) - p p^T = B B^T with B = diag(sqrt(p)) - p sqrt(p)^T: for signs e, B e / sqrt(2) times d has that mean square.
/// For numbers and embeddings the same of their squared distance.</summary>
internal static class AnswerProbe
{
    /// <summary>The gradient of the probe with respect to one answer.</summary>
    /// <param name="answer">Of the whole network, [classes].</param>
    /// <param name="kind">What answers are.</param>
    /// <param name="options">Say T.</param>
    /// <param name="random">Draws signs.</param>
    /// <param name="gradient">Receives [classes].</param>
    public static void Draw(ReadOnlySpan<float> answer, AnswerKind kind, OptinOptions options, Random random, Span<float> gradient)
    {
        for (int c = 0; c < gradient.Length; c++)
            gradient[c] = random.Next(2) == 0 ? 1 : -1;
        if (kind == AnswerKind.Embedding)
            OnSphere(answer, gradient);
        else if (kind == AnswerKind.Classes)
            OnLogits(answer, options, gradient);
    }

    static void OnLogits(ReadOnlySpan<float> answer, OptinOptions options, Span<float> gradient)
    {
        double t = options.SoftensLogits ? options.Temperature : 1, scale = options.Temperature / t / Math.Sqrt(2), largest = double.NegativeInfinity, total = 0, along = 0;
        foreach (float logit in answer)
            largest = Math.Max(largest, logit / t);
        var p = new double[answer.Length];
        for (int c = 0; c < p.Length; c++)
            total += p[c] = Math.Exp((answer[c] / t) - largest);
        for (int c = 0; c < p.Length; c++)
            along += Math.Sqrt(p[c] /= total) * gradient[c];
        for (int c = 0; c < p.Length; c++)
            gradient[c] = (float)(scale * ((Math.Sqrt(p[c]) * gradient[c]) - (p[c] * along)));
    }

    /// <summary>Through the scaling to length 1.</summary>
    static void OnSphere(ReadOnlySpan<float> answer, Span<float> gradient)
    {
        double squares = 0, along = 0;
        for (int c = 0; c < answer.Length; c++)
            (squares, along) = (squares + ((double)answer[c] * answer[c]), along + ((double)answer[c] * gradient[c]));
        for (int c = 0; c < answer.Length; c++)
            gradient[c] = squares > 0 ? (float)((gradient[c] - (along / squares * answer[c])) / Math.Sqrt(squares)) : 0;
    }
}
