using System.Diagnostics;

namespace Secateur.Evaluation;

/// <summary>Two things timed in one run, in turn, so that whatever else the machine does falls on both.</summary>
/// <param name="First">Milliseconds of the first.</param>
/// <param name="Second">Milliseconds of the second.</param>
/// <param name="Ratio">The first's time over the second's, round by round: above 1 where the second is faster.</param>
/// <param name="Rounds">How often each was timed.</param>
public sealed record SideBySide(Spread First, Spread Second, Spread Ratio, int Rounds)
{
    /// <summary>Rounds that are not counted: code is compiled and caches are filled.</summary>
    const int WarmUp = 5;

    /// <summary>Whether there is a difference: the middle half of all rounds lies on one side of 1.</summary>
    public bool Differs => Ratio.Lower > 1 || Ratio.Upper < 1;

    /// <summary>Times two things.</summary>
    /// <param name="first">The one.</param>
    /// <param name="second">The other.</param>
    /// <param name="rounds">How often, at least 1.</param>
    /// <param name="progress">Told how many rounds are done.</param>
    /// <param name="cancellation">Stops between two rounds.</param>
    /// <returns>What was measured.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static SideBySide Measure(Action first, Action second, int rounds, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rounds);
        double[] firstTimes = new double[rounds], secondTimes = new double[rounds];
        for (int round = -WarmUp; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();

            // Who begins changes from round to round: neither always runs in the other's warm caches.
            bool swapped = (round & 1) != 0;
            double one = Time(swapped ? second : first), other = Time(swapped ? first : second);
            if (round < 0)
                continue;
            (firstTimes[round], secondTimes[round]) = swapped ? (other, one) : (one, other);
            progress?.Report(round + 1);
        }

        return new(Spread.Of(firstTimes), Spread.Of(secondTimes), Spread.Of(firstTimes.Zip(secondTimes, (a, b) => a / b)), rounds);
    }

    static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
