namespace Secateur.Evaluation.Timing;

/// <summary>How long and how carefully is timed.</summary>
public sealed record TimingOptions
{
    /// <summary>Rounds that count, in each of which everything runs once; at least 1.</summary>
    public int Rounds { get; init; } = 100;

    /// <summary>Rounds go on for so many seconds instead, but for <see cref="SideBySide.FewestRounds"/> at least; null to count them.</summary>
    public double? Seconds { get; init; }

    /// <summary>After so many rounds comes one in which every run is watched part by part, and which counts for the parts alone.</summary>
    public int WatchEvery { get; init; } = 5;

    /// <summary>Warming up takes at least so many rounds, and then as many as it takes until nothing gets faster.</summary>
    public int WarmUp { get; init; } = 8;

    /// <summary>Warming up takes at least so long: the runtime compiles hot code again in the background.</summary>
    public TimeSpan WarmUpTime { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Orders the runs of each round, and draws for the intervals.</summary>
    public int Seed { get; init; }
}

/// <summary>How far timing is.</summary>
/// <param name="Done">Rounds that are done.</param>
/// <param name="Total">How many there will be, as far as is known.</param>
public readonly record struct TimingProgress(int Done, int Total);
