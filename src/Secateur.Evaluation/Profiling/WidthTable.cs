using System.Collections.Immutable;

namespace Secateur.Evaluation.Profiling;

/// <summary>Times for every number of units from times of some: straight lines between knots, as functions of the next multiple of a step.</summary>
internal static class WidthTable
{
    /// <summary>Intervals between knots at most; with more, what chance gave would be taken for the machine's.</summary>
    const int Intervals = 8;

    /// <summary>Steps that are looked for are multiples of <see cref="WidthGrid.PairStride"/> up to this.</summary>
    const int MostStep = 64;

    /// <summary>A step must make what was measured this much likelier (twice the logarithm of the ratio): of one step that is not there, chance does so
    /// once in 600 times, and eight are looked for.</summary>
    const double Sure = 10;

    /// <summary>Of how many units the times rise together.</summary>
    /// <param name="points">By rising number of units, from 0 to all.</param>
    /// <returns>The step that fits best; 1 where none fits surely better than none at all.</returns>
    public static int Step(ImmutableArray<WidthPoint> points)
    {
        int best = 1;
        double smooth = Misfit(points, 1), least = smooth * Math.Exp(-Sure / points.Length);
        for (int step = WidthGrid.PairStride; step <= Math.Min(MostStep, points[^1].Kept / 2); step += WidthGrid.PairStride)
            if (Misfit(points, step) is { } misfit && misfit < least)
                (best, least) = (step, misfit);
        return best;
    }

    /// <summary>Milliseconds with every number of units, [all + 1].</summary>
    public static double[] Of(ImmutableArray<WidthPoint> points, int all, int step)
    {
        if (points.Length <= 2 * Intervals && step == 1 && points.Length == all + 1)
            return [.. points.Select(point => point.Milliseconds.Median)];
        (double[] knots, double[] times) = Fit(points, step);
        double smallest = points.Min(point => point.Milliseconds.Median);
        return [.. Enumerable.Range(0, all + 1).Select(n => Math.Max(smallest, At(knots, times, Next(n, step))))];
    }

    static double Misfit(ImmutableArray<WidthPoint> points, int step)
    {
        (double[] knots, double[] times) = Fit(points, step);
        return points.Sum(point => Math.Pow(point.Milliseconds.Median - At(knots, times, Next(point.Kept, step)), 2));
    }

    /// <summary>The next multiple of a step.</summary>
    static int Next(int units, int step) => (units + step - 1) / step * step;

    /// <summary>Least squares of straight lines between knots: the normal equations of hat functions are tridiagonal.</summary>
    static (double[] Knots, double[] Times) Fit(ImmutableArray<WidthPoint> points, int step)
    {
        int all = points[^1].Kept, intervals = Math.Clamp(points.Length / 3, 1, Intervals), last = Next(all, step);
        double[] knots = [.. Enumerable.Range(0, intervals + 1).Select(i => (double)last * i / intervals)];
        double[] diagonal = new double[knots.Length], beside = new double[knots.Length], right = new double[knots.Length];
        diagonal.AsSpan().Fill(1e-9); // a knot that no point is near
        foreach (WidthPoint point in points)
        {
            (int i, double part) = Place(knots, Next(point.Kept, step));
            double weight = point.Samples, time = point.Milliseconds.Median;
            diagonal[i] += weight * (1 - part) * (1 - part);
            right[i] += weight * (1 - part) * time;
            if (i + 1 == knots.Length)
                continue;
            diagonal[i + 1] += weight * part * part;
            beside[i] += weight * part * (1 - part);
            right[i + 1] += weight * part * time;
        }

        for (int i = 1; i < knots.Length; i++)
        {
            double factor = beside[i - 1] / diagonal[i - 1];
            diagonal[i] -= factor * beside[i - 1];
            right[i] -= factor * right[i - 1];
        }

        for (int i = knots.Length - 1; i >= 0; i--)
            right[i] = (right[i] - (i + 1 < knots.Length ? beside[i] * right[i + 1] : 0)) / diagonal[i];
        return (knots, right);
    }

    static double At(double[] knots, double[] times, double x)
    {
        (int i, double part) = Place(knots, x);
        return i + 1 < knots.Length ? double.Lerp(times[i], times[i + 1], part) : times[i];
    }

    /// <summary>The knot before it, and the part of the way to the next.</summary>
    static (int Knot, double Part) Place(double[] knots, double x)
    {
        double apart = knots.Length > 1 ? knots[1] : 0;
        if (apart == 0)
            return (0, 0);
        int knot = Math.Clamp((int)(x / apart), 0, knots.Length - 2);
        return (knot, (x - knots[knot]) / apart);
    }
}
