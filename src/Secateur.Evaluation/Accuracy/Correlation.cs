using Secateur.Evaluation.Timing;

namespace Secateur.Evaluation.Accuracy;

/// <summary>How well a network's scores go with those that people gave, as GLUE measures STS-B. Intervals by <see cref="Bootstrap"/>.</summary>
public static class Correlation
{
    /// <summary>Pearson's: whether they lie on a line.</summary>
    /// <param name="answers">What the network says.</param>
    /// <param name="scores">As many.</param>
    /// <returns>In [-1, 1], with its 95% interval; NaN where all of one side are equal.</returns>
    /// <exception cref="ArgumentException">There are none, or not as many of each.</exception>
    public static Estimate Pearson(double[] answers, double[] scores)
    {
        Require(answers, scores);
        return Bootstrap.Of(scores.Length, times => Of(answers, scores, times));
    }

    /// <summary>Spearman's: whether they are in the same order; Pearson's of the ranks, of which equal values share the mean.</summary>
    /// <param name="answers">What the network says.</param>
    /// <param name="scores">As many.</param>
    /// <returns>In [-1, 1], with its 95% interval; NaN where all of one side are equal.</returns>
    /// <exception cref="ArgumentException">There are none, or not as many of each.</exception>
    public static Estimate Spearman(double[] answers, double[] scores)
    {
        Require(answers, scores);
        int[] first = Order(answers), second = Order(scores);
        double[] firstRanks = new double[answers.Length], secondRanks = new double[scores.Length];
        return Bootstrap.Of(scores.Length, times =>
        {
            Rank(answers, first, times, firstRanks);
            Rank(scores, second, times, secondRanks);
            return Of(firstRanks, secondRanks, times);
        });
    }

    /// <summary>How much of Pearson's correlation is lost from one network to another, both on the same samples.</summary>
    /// <param name="first">What the first says.</param>
    /// <param name="second">What the second says.</param>
    /// <param name="scores">As many.</param>
    /// <returns>First less second, with its 95% interval.</returns>
    /// <exception cref="ArgumentException">There are none, or not as many of each.</exception>
    public static Estimate Lost(double[] first, double[] second, double[] scores)
    {
        Require(first, scores);
        Require(second, scores);
        return Bootstrap.Of(scores.Length, times => Of(first, scores, times) - Of(second, scores, times));
    }

    static double Of(double[] x, double[] y, int[] times)
    {
        double n = 0, meanX = 0, meanY = 0, xx = 0, yy = 0, xy = 0;
        for (int i = 0; i < x.Length; i++)
            (n, meanX, meanY) = (n + times[i], meanX + (times[i] * x[i]), meanY + (times[i] * y[i]));
        (meanX, meanY) = (meanX / n, meanY / n);
        for (int i = 0; i < x.Length; i++)
        {
            double a = x[i] - meanX, b = y[i] - meanY;
            (xx, yy, xy) = (xx + (times[i] * a * a), yy + (times[i] * b * b), xy + (times[i] * a * b));
        }

        return xx > 0 && yy > 0 ? Math.Clamp(xy / Math.Sqrt(xx * yy), -1, 1) : double.NaN;
    }

    static int[] Order(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort((double[])values.Clone(), order);
        return order;
    }

    /// <summary>Ranks from 1, each value counted as often as it was drawn.</summary>
    static void Rank(double[] values, int[] order, int[] times, double[] ranks)
    {
        long before = 0;
        for (int start = 0, end; start < order.Length; start = end)
        {
            long equal = 0;
            for (end = start; end < order.Length && values[order[end]].Equals(values[order[start]]); end++)
                equal += times[order[end]];
            for (int i = start; i < end; i++)
                ranks[order[i]] = before + ((equal + 1) / 2.0);
            before += equal;
        }
    }

    static void Require(double[] answers, double[] scores)
    {
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentNullException.ThrowIfNull(scores);
        if (answers.Length != scores.Length || scores.Length == 0)
            throw new ArgumentException($"There are {answers.Length} answers and {scores.Length} scores; expected as many of each, and one at least.", nameof(scores));
    }
}
