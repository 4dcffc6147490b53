using System.Diagnostics;

namespace Secateur.Benchmarks.Measuring;

/// <summary>Several ways to do a thing, measured in turns: what disturbs the machine disturbs all of them.</summary>
internal static class Turns
{
    /// <summary>Long enough for the runtime to compile the hot code for good.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1.5);

    /// <summary>Measures in rounds; in each, every action has one slice. Who goes first moves on from round to round.</summary>
    /// <param name="rounds">How many.</param>
    /// <param name="sliceSeconds">A slice repeats its action for about this long, and keeps the median.</param>
    /// <param name="actions">What to measure.</param>
    /// <returns>Milliseconds of one run, [actions][rounds].</returns>
    public static double[][] Measure(int rounds, double sliceSeconds, params Action[] actions)
    {
        int[] runs = [.. actions.Select(action =>
        {
            for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
                action();
            return Math.Clamp((int)(sliceSeconds * 1000 / Milliseconds(action)), 1, 1000);
        })];
        double[][] times = [.. actions.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
            for (int i = 0; i < actions.Length; i++)
            {
                int which = (round + i) % actions.Length;
                times[which][round] = Spread.MedianOf([.. Enumerable.Range(0, runs[which]).Select(_ => Milliseconds(actions[which]))]);
            }

        return times;
    }

    public static double Milliseconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
