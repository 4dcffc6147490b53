using System.Collections.Immutable;

namespace Secateur.Evaluation.Profiling;

/// <summary>Finds where latency against tokens jumps, and does not find jumps in noise.</summary>
/// <remarks>
/// 1. The increment from one count to the next is what one more token costs, and noise.
/// 2. The slope around it (median of the neighbouring increments) says what is usual; what is beyond that is the excess.
/// 3. Noise is the larger of two: the standard errors of the two medians, and the usual size of an excess anywhere on the curve. A wave
///    of work gives a few large excesses among many small ones and does not raise the latter.
/// 4. A step is an excess of 5 times the noise and 1% of the latency that lasts: two counts on its one side lie apart from two on its
///    other. One odd measurement does not.
/// </remarks>
internal static class StepDetection
{
    /// <summary>In 200 increments of pure normal noise one is that large in 1 of 9000 series.</summary>
    const double Sure = 5;

    /// <summary>Enough to look more closely.</summary>
    const double Suspicious = 3;

    /// <summary>A smaller part of the latency is no reason to choose one count over another.</summary>
    const double Matters = 0.01;

    /// <summary>Increments on either side that say what is usual.</summary>
    const int Around = 8;

    const int FewestPoints = 6;

    /// <summary>The steps of a curve.</summary>
    /// <param name="points">By rising number of tokens.</param>
    /// <returns>In the order of the tokens.</returns>
    public static ImmutableArray<LatencyStep> Steps(ReadOnlySpan<LatencyPoint> points) => Find(points, Sure, lasting: true);

    /// <summary>Intervals in which there may be a step.</summary>
    public static ImmutableArray<LatencyStep> Suspects(ReadOnlySpan<LatencyPoint> points) => Find(points, Suspicious, lasting: false);

    /// <summary>What one more token costs: the median slope between points that are half the curve apart.</summary>
    public static double? Slope(ReadOnlySpan<LatencyPoint> points)
    {
        if (points.Length < 2)
            return null;
        int apart = points.Length / 2;
        var slopes = new double[points.Length - apart];
        for (int i = 0; i < slopes.Length; i++)
            slopes[i] = (points[i + apart].Milliseconds.Median - points[i].Milliseconds.Median) / (points[i + apart].Tokens - points[i].Tokens);
        return Spread.Of(slopes).Median;
    }

    /// <summary>Where one more token costs most: the largest step up, or else the steepest stretch of an eighth of the curve if it is
    /// steeper than the whole beyond the noise; null where it is not.</summary>
    public static TokenCost? Dearest(ReadOnlySpan<LatencyPoint> points, ImmutableArray<LatencyStep> steps)
    {
        if (steps.Where(step => step.Milliseconds > 0).MaxBy(step => step.Milliseconds - step.Trend) is { } largest)
            return new(largest.Tokens, largest.Next, largest.Milliseconds / (largest.Next - largest.Tokens));
        if (points.Length < FewestPoints)
            return null;
        double[] errors = Errors(points);
        double usual = Slope(points)!.Value, scatter = Scatter(points), best = 0;
        int span = Math.Max(8, (points[^1].Tokens - points[0].Tokens) / 8);
        TokenCost? dearest = null;
        for (int first = 0, end = 0; end < points.Length; first++)
        {
            while (end < points.Length && (points[end].Tokens <= points[first].Tokens + span || end < first + 4))
                end++;
            ReadOnlySpan<LatencyPoint> stretch = points[first..end];
            double slope = Slope(stretch)!.Value, noise = Math.Max(Spread.Of(errors[first..end]).Median, scatter * stretch[0].Milliseconds.Median);

            // The slope is a median of about half as many pairs as there are points, each half the stretch apart.
            double error = 1.2533 * noise * Math.Sqrt(2) / ((stretch[^1].Tokens - stretch[0].Tokens) / 2.0) / Math.Sqrt(stretch.Length / 2.0);
            if (slope - usual > Math.Max(best, Sure * error))
                (best, dearest) = (slope - usual, new(stretch[0].Tokens, stretch[^1].Tokens, slope));
        }

        return dearest;
    }

    static ImmutableArray<LatencyStep> Find(ReadOnlySpan<LatencyPoint> points, double sure, bool lasting)
    {
        if (points.Length < FewestPoints)
            return [];
        double usual = Scatter(points);
        double[] errors = Errors(points);
        var steps = ImmutableArray.CreateBuilder<LatencyStep>();
        for (int i = 0; i < points.Length - 1; i++)
        {
            double error = double.Hypot(errors[i], errors[i + 1]), trend = UsualSlope(points, i) * Gap(points, i);
            double noise = Math.Max(error, usual * points[i].Milliseconds.Median), excess = Change(points, i) - trend, size = Math.Abs(excess);
            if (size > sure * noise && size > Matters * points[i].Milliseconds.Median && (!lasting || Lasts(points, i, trend / Gap(points, i), excess)))
                steps.Add(new(points[i].Tokens, points[i + 1].Tokens, Change(points, i), trend, noise));
        }

        return steps.ToImmutable();
    }

    /// <summary>The usual size of an excess, as a part of the latency: a standard deviation where excesses are noise.</summary>
    static double Scatter(ReadOnlySpan<LatencyPoint> points)
    {
        var excesses = new double[points.Length - 1];
        for (int i = 0; i < excesses.Length; i++)
            excesses[i] = Math.Abs(Change(points, i) - (UsualSlope(points, i) * Gap(points, i))) / points[i].Milliseconds.Median;

        // The median of |x| is 0.6745 standard deviations of a normal x.
        return Spread.Of(excesses).Median / 0.6745;
    }

    /// <summary>The median of the neighbouring slopes, each weighing as many tokens as it spans.</summary>
    static double UsualSlope(ReadOnlySpan<LatencyPoint> points, int interval)
    {
        int first = Math.Max(0, interval - Around), last = Math.Min(points.Length - 2, interval + Around), total = points[last + 1].Tokens - points[first].Tokens;
        Span<double> slopes = stackalloc double[last - first + 1];
        Span<int> gaps = stackalloc int[slopes.Length];
        for (int i = first; i <= last; i++)
            (slopes[i - first], gaps[i - first]) = (Change(points, i) / Gap(points, i), Gap(points, i));
        slopes.Sort(gaps);
        int half = 0, place = 0;
        while ((half += gaps[place]) * 2 < total)
            place++;
        return slopes[place];
    }

    /// <summary>Whether the levels on both sides, two points each, stay apart by half the excess.</summary>
    static bool Lasts(ReadOnlySpan<LatencyPoint> points, int interval, double slope, double excess)
    {
        double sign = Math.Sign(excess), before = double.NegativeInfinity, after = double.PositiveInfinity;
        for (int i = Math.Max(0, interval - 1); i <= Math.Min(points.Length - 1, interval + 2); i++)
        {
            double level = sign * (points[i].Milliseconds.Median - (slope * (points[i].Tokens - points[interval].Tokens)));
            if (i <= interval)
                before = Math.Max(before, level);
            else
                after = Math.Min(after, level);
        }

        return after - before >= sign * excess / 2;
    }

    static double Change(ReadOnlySpan<LatencyPoint> points, int interval) => points[interval + 1].Milliseconds.Median - points[interval].Milliseconds.Median;

    static int Gap(ReadOnlySpan<LatencyPoint> points, int interval) => points[interval + 1].Tokens - points[interval].Tokens;

    /// <summary>The standard error of each median; the quartiles of few runs may lie together by chance, so that it is not smaller than
    /// what the usual spread of all counts gives for as many runs.</summary>
    static double[] Errors(ReadOnlySpan<LatencyPoint> points)
    {
        double[] errors = new double[points.Length], spreads = new double[points.Length];
        for (int i = 0; i < errors.Length; i++)
            (errors[i], spreads[i]) = (StandardError(points[i]), StandardError(points[i]) * Math.Sqrt(points[i].Samples) / points[i].Milliseconds.Median);
        double usual = Spread.Of(spreads).Median;
        for (int i = 0; i < errors.Length; i++)
            errors[i] = Math.Max(errors[i], usual * points[i].Milliseconds.Median / Math.Sqrt(points[i].Samples));
        return errors;
    }

    /// <summary>Of a median of normal measurements: 1.2533 standard deviations, each 1/1.349 of the quartiles' distance, over the root of their number.</summary>
    internal static double StandardError(LatencyPoint point) => 1.2533 / 1.349 * (point.Milliseconds.Upper - point.Milliseconds.Lower) / Math.Sqrt(point.Samples);
}
