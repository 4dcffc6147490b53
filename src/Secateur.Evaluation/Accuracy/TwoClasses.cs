using Secateur.Evaluation.Timing;

namespace Secateur.Evaluation.Accuracy;

/// <summary>What accuracy hides where two classes are uneven, as GLUE measures MRPC and QQP (F1) and CoLA (Matthews). Intervals by <see cref="Bootstrap"/>.</summary>
public static class TwoClasses
{
    /// <summary>F1 of class 1: the harmonic mean of how many of the answers 1 are right and how many of the labels 1 are found.</summary>
    /// <param name="answers">Classes, 0 or 1.</param>
    /// <param name="labels">As many.</param>
    /// <returns>In [0, 1], with its 95% interval; 0 where nothing is right.</returns>
    /// <exception cref="ArgumentException">There are none, or not as many of each.</exception>
    public static Estimate F1(int[] answers, int[] labels) => Of(answers, labels, (hits, misses, alarms, _) => hits > 0 ? 2 * hits / ((2 * hits) + misses + alarms) : 0);

    /// <summary>Matthews' correlation (1975) of answers and labels.</summary>
    /// <param name="answers">Classes, 0 or 1.</param>
    /// <param name="labels">As many.</param>
    /// <returns>In [-1, 1], with its 95% interval; 0 where all answers or all labels are equal.</returns>
    /// <exception cref="ArgumentException">There are none, or not as many of each.</exception>
    public static Estimate Matthews(int[] answers, int[] labels) => Of(answers, labels, (hits, misses, alarms, rests) =>
        (hits + misses) * (hits + alarms) * (rests + misses) * (rests + alarms) is > 0 and var product ? ((hits * rests) - (misses * alarms)) / Math.Sqrt(product) : 0);

    static Estimate Of(int[] answers, int[] labels, Func<double, double, double, double, double> statistic)
    {
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentNullException.ThrowIfNull(labels);
        if (answers.Length != labels.Length || labels.Length == 0)
            throw new ArgumentException($"There are {answers.Length} answers and {labels.Length} labels; expected as many of each, and one at least.", nameof(labels));
        return Bootstrap.Of(labels.Length, times =>
        {
            double hits = 0, misses = 0, alarms = 0, rests = 0;
            for (int i = 0; i < labels.Length; i++)
                switch (labels[i], answers[i])
                {
                    case (1, 1):
                        hits += times[i];
                        break;
                    case (1, _):
                        misses += times[i];
                        break;
                    case (_, 1):
                        alarms += times[i];
                        break;
                    default:
                        rests += times[i];
                        break;
                }

            return statistic(hits, misses, alarms, rests);
        });
    }
}
