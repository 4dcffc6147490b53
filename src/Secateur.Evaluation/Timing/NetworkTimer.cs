using System.Collections.Immutable;
using Secateur.Evaluation.Structured;
using Secateur.Models;

namespace Secateur.Evaluation.Timing;

/// <summary>How fast a smaller network runs, timed in turn with the dense one.</summary>
public sealed record NetworkTiming : SideBySide
{
    /// <summary>Milliseconds of a run of the smaller network.</summary>
    public required Percentiles Smaller { get; init; }
}

/// <summary>Times two networks in turn, both dense: each computes all tokens of what it is shown. In each round the dense network runs twice,
/// the smaller one once, on the same examples; docs/timing.md tells how to read it.</summary>
public static class NetworkTimer
{
    /// <summary>Times them.</summary>
    /// <param name="dense">The one.</param>
    /// <param name="smaller">The other, of the same kind and on the same threads.</param>
    /// <param name="batches">What they are run on, in turn; at least one.</param>
    /// <param name="options">How long; default: 100 rounds.</param>
    /// <param name="progress">Told after each round.</param>
    /// <param name="cancellation">Stops between two rounds.</param>
    /// <returns>What was measured.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static NetworkTiming Measure(
        Transformer dense,
        Transformer smaller,
        ImmutableArray<ExampleBatch> batches,
        TimingOptions? options = null,
        IProgress<TimingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dense);
        ArgumentNullException.ThrowIfNull(smaller);
        ArgumentOutOfRangeException.ThrowIfZero(batches.Length, nameof(batches));
        return Measure(dense.Threads.Count, Running(dense), Running(smaller), options, progress, cancellation);

        Action<int> Running(Transformer network) => round => batches[round % batches.Length].Run(network);
    }

    /// <summary>Times two ways to run.</summary>
    /// <param name="threads">Threads in use.</param>
    /// <param name="dense">A run of the one, given the number of the round.</param>
    /// <param name="smaller">A run of the other on the same examples.</param>
    /// <param name="options">How long; default: 100 rounds.</param>
    /// <param name="progress">Told after each round.</param>
    /// <param name="cancellation">Stops between two rounds.</param>
    /// <returns>What was measured.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static NetworkTiming Measure(
        int threads, Action<int> dense, Action<int> smaller, TimingOptions? options = null, IProgress<TimingProgress>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new();
        var turns = new Turns([dense, smaller, dense], options);
        var waiting = new WaitingForCores();
        turns.Measure(null, progress, cancellation);
        cancellation.ThrowIfCancellationRequested();
        IReadOnlyList<double> one = turns.Milliseconds[0], other = turns.Milliseconds[1], again = turns.Milliseconds[2];
        return new()
        {
            Rounds = turns.Rounds,
            WarmUp = turns.WarmUpRounds,
            Steady = turns.Steady,
            Waited = waiting.Part(threads),
            Dense = Percentiles.Of(one.Concat(again)),
            Smaller = Percentiles.Of(other),
            Speedup = BlockBootstrap.Ratio(one, other, options.Seed),
            Control = BlockBootstrap.Ratio(one, again, options.Seed),
        };
    }
}
