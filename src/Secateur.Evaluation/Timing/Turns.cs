using System.Diagnostics;

namespace Secateur.Evaluation.Timing;

/// <summary>Things timed in turn, so that whatever else the machine does falls on all of them. In each round everything runs once, in an
/// order drawn anew: none always runs first, or after the same other.</summary>
/// <param name="things">What is timed, each told the number of the round.</param>
/// <param name="options">How long.</param>
/// <param name="staysAwake">How long each thing's threads may stay awake after a run. Where any do, nothing else is timed before they rest, once warm, and everything runs once
/// unseen before it is timed, so that it is as awake as where nothing else runs; null where none do.</param>
internal sealed class Turns(IReadOnlyList<Action<int>> things, TimingOptions options, IReadOnlyList<TimeSpan>? staysAwake = null)
{
    /// <summary>Warm-up ends where nothing was faster than before by more than this, as a part.</summary>
    const double Falling = 0.01;

    /// <summary>Warm-up ends at the latest after so many rounds: where nothing ever settles, that is said and measured all the same.</summary>
    const int MostWarmUp = 400;

    readonly bool awake = staysAwake?.Any(time => time > TimeSpan.Zero) == true;
    readonly Random random = new(options.Seed);
    readonly int[] order = [.. Enumerable.Range(0, things.Count)];
    readonly List<double>[] times = [.. things.Select(_ => new List<double>())];

    /// <summary>Milliseconds of each thing in each round.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Milliseconds => times;

    /// <summary>Rounds that count.</summary>
    public int Rounds => times[0].Count;

    /// <summary>Rounds before them.</summary>
    public int WarmUpRounds { get; private set; }

    /// <summary>Whether times had stopped falling at the end of the warm-up.</summary>
    public bool Steady { get; private set; }

    /// <summary>Measures until enough rounds are done, or until it is asked to stop; what was measured stays.</summary>
    /// <param name="between">Called before some rounds, for what must not disturb them.</param>
    /// <param name="progress">Told after each round.</param>
    /// <param name="cancellation">Stops between two rounds.</param>
    public void Measure(Action<int>? between = null, IProgress<TimingProgress>? progress = null, CancellationToken cancellation = default)
    {
        WarmUp(cancellation);
        long start = Stopwatch.GetTimestamp();
        while (!cancellation.IsCancellationRequested && !Enough(Stopwatch.GetElapsedTime(start).TotalSeconds))
        {
            if (Rounds % options.WatchEvery == 0)
                between?.Invoke(Rounds);
            double[] round = Round(Rounds, awake);
            for (int i = 0; i < round.Length; i++)
                times[i].Add(round[i]);
            progress?.Report(new(Rounds, Total(Stopwatch.GetElapsedTime(start).TotalSeconds)));
        }
    }

    bool Enough(double seconds) => options.Seconds is { } most ? Rounds >= PlanTiming.FewestRounds && seconds >= most : Rounds >= options.Rounds;

    int Total(double seconds) => options.Seconds is { } most ? Math.Max(Rounds, (int)Math.Ceiling(Rounds * most / seconds)) : options.Rounds;

    /// <summary>The fastest run is the one least disturbed: while code is still being compiled and caches filled, it falls.</summary>
    void WarmUp(CancellationToken cancellation)
    {
        double[] best = [.. things.Select(_ => double.PositiveInfinity)];
        long start = Stopwatch.GetTimestamp();
        int still = 0;
        for (; WarmUpRounds < MostWarmUp && !cancellation.IsCancellationRequested; WarmUpRounds++)
        {
            Steady = still >= options.WarmUp;
            if (Steady && Stopwatch.GetElapsedTime(start) >= options.WarmUpTime)
                return;
            double[] round = Round(WarmUpRounds, settles: false);
            bool fell = false;
            for (int i = 0; i < round.Length; i++)
            {
                fell |= round[i] < best[i] * (1 - Falling);
                best[i] = Math.Min(best[i], round[i]);
            }

            still = fell ? 0 : still + 1;
        }
    }

    double[] Round(int number, bool settles)
    {
        var round = new double[things.Count];
        random.Shuffle(order);
        foreach (int which in order)
        {
            if (settles)
                things[which](number);
            long start = Stopwatch.GetTimestamp();
            things[which](number);
            round[which] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (settles)
                Thread.Sleep(staysAwake![which]);
        }

        return round;
    }
}
