using Secateur.Models.Tokens;

namespace Secateur.Tests.Tokens;

/// <summary>ToMe's matching as plainly as it can be written, in float64.</summary>
internal static class PlainToMe
{
    /// <summary>For every token, its group.</summary>
    public static int[] Group(in TokenView view, int remove)
    {
        int prefix = view.Prefix;
        double[][] metric = Metric(view);
        int[] sources = [.. Enumerable.Range(0, metric.Length).Where(i => i >= prefix && i % 2 == 0)];
        int[] destinations = [.. Enumerable.Range(0, metric.Length).Where(i => i >= prefix && i % 2 == 1)];
        var best = sources.ToDictionary(a => a, a => destinations.MaxBy(b => Dot(metric[a], metric[b])));
        int[] alike = [.. sources.OrderByDescending(a => Dot(metric[a], metric[best[a]]))];
        int[] merged = [.. alike.Take(remove)], others = [.. alike.Skip(remove)];
        if (prefix > 0)
            Array.Sort(others);
        int[] order = [.. Enumerable.Range(0, prefix), .. others, .. destinations];
        return [.. Enumerable.Range(0, metric.Length).Select(i => Array.IndexOf(order, merged.Contains(i) ? best[i] : i))];
    }

    /// <summary>The mean of every token's keys over heads, scaled to length 1.</summary>
    public static double[][] Metric(in TokenView view)
    {
        var metric = new double[view.Count][];
        for (int i = 0; i < metric.Length; i++)
        {
            ReadOnlySpan<float> key = view.Key(i);
            double[] mean = metric[i] = new double[view.HeadDim];
            for (int c = 0; c < key.Length; c++)
                mean[c % view.HeadDim] += key[c] / (double)view.Heads;
            double length = Math.Sqrt(Dot(mean, mean));
            for (int c = 0; c < mean.Length; c++)
                mean[c] /= length;
        }

        return metric;
    }

    public static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
