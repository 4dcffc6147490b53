using Secateur.Models;

namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>L_KD of OPTIN: how far the answers move. The usual distillation loss (Hinton et al., 2015) where answers are logits of two classes or
/// more: the sum over answers of T^2 KL(teacher || student), both softened by T. Where they are no logits: the squared distance, of numbers as they
/// are, of embeddings scaled to length 1 (ours; the paper has no such networks, and its code finds no divergence between single numbers).</summary>
internal static class AnswerLoss
{
    /// <summary>The loss of one answer; at least 0.</summary>
    /// <param name="kind">What answers are.</param>
    /// <param name="teacher">Of the whole network, [classes].</param>
    /// <param name="student">Of the changed one, [classes].</param>
    /// <param name="temperature">T.</param>
    /// <param name="softens">Whether T divides the logits; in the released code it does not, and only T^2 is left of it.</param>
    /// <returns>T^2 KL(teacher || student) of logits; otherwise the squared distance.</returns>
    public static double Of(AnswerKind kind, ReadOnlySpan<float> teacher, ReadOnlySpan<float> student, double temperature, bool softens) => kind switch
    {
        AnswerKind.Classes => OfLogits(teacher, student, temperature, softens),
        AnswerKind.Numbers => Distance(teacher, 1, student, 1),
        _ => Distance(teacher, Scale(teacher), student, Scale(student)),
    };

    static double OfLogits(ReadOnlySpan<float> teacher, ReadOnlySpan<float> student, double temperature, bool softens)
    {
        double t = softens ? temperature : 1, teacherLog = LogSum(teacher, t), studentLog = LogSum(student, t), sum = 0;
        for (int c = 0; c < teacher.Length; c++)
        {
            double log = (teacher[c] / t) - teacherLog;
            sum += Math.Exp(log) * (log - ((student[c] / t) - studentLog));
        }

        return Square(temperature) * Math.Max(sum, 0);
    }

    /// <summary>The squared distance of two vectors, each scaled.</summary>
    static double Distance(ReadOnlySpan<float> teacher, double t, ReadOnlySpan<float> student, double s)
    {
        double sum = 0;
        for (int c = 0; c < teacher.Length; c++)
            sum += Square((student[c] * s) - (teacher[c] * t));
        return sum;
    }

    /// <summary>log(sum(exp(x / t))).</summary>
    static double LogSum(ReadOnlySpan<float> x, double t)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (float v in x)
            largest = Math.Max(largest, v / t);
        foreach (float v in x)
            sum += Math.Exp((v / t) - largest);
        return largest + Math.Log(sum);
    }

    static double Scale(ReadOnlySpan<float> x)
    {
        double squares = 0;
        foreach (float v in x)
            squares += Square(v);
        return squares > 0 ? 1 / Math.Sqrt(squares) : 0;
    }

    static double Square(double x) => x * x;
}
