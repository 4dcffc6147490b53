using System.Collections.Immutable;
using System.Diagnostics;

namespace Secateur.Evaluation.Profiling;

/// <summary>Measures latency against the number of tokens (Eliopoulos et al., 2024, section 3.1). Rounds visit all counts in shuffled
/// order, so that a machine that becomes slower or faster does so for all of them, and each round is divided by how slow it was.</summary>
public sealed class Profiler
{
    /// <summary>Counts that run along when few are left to measure, so that how slow the machine is stays known.</summary>
    const int Anchors = 8;

    /// <summary>The part of the seconds that a coarse grid may take; the rest is for what lies between.</summary>
    const double CoarsePart = 0.6;

    static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(5);

    readonly ILatencySource source;
    readonly ProfilerOptions options;
    readonly Action<LatencyProfile>? save;
    readonly IProgress<ProfilerProgress>? progress;
    readonly int from;
    readonly int to;
    readonly BlockLatency[] blocks;
    ImmutableArray<BatchSamples> batches = [];
    long lastSave = Stopwatch.GetTimestamp();
    TimeSpan saving;
    int done;

    /// <summary>Prepares a measurement.</summary>
    /// <param name="source">What is measured.</param>
    /// <param name="options">How.</param>
    /// <param name="save">Called every few seconds, and when the measurement is stopped, with what there is so far.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <exception cref="ArgumentException">The options ask for counts or batch sizes that there cannot be.</exception>
    public Profiler(ILatencySource source, ProfilerOptions options, Action<LatencyProfile>? save = null, IProgress<ProfilerProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        (this.source, this.options, this.save, this.progress) = (source, options, save, progress);
        (from, to) = (options.From ?? source.PrefixTokens + 1, options.To ?? source.PrefixTokens + source.Patches);
        if (from < source.PrefixTokens + 1 || to > source.PrefixTokens + source.Patches || from > to)
            throw new ArgumentException($"Counts from {from} to {to} do not fit a network of {source.PrefixTokens + 1} to {source.PrefixTokens + source.Patches} tokens ({source.PrefixTokens} before the patches, {source.Patches} patches).", nameof(options));
        if (options.Batches.IsDefaultOrEmpty || options.Batches.Any(batch => batch < 1) || options.Batches.Distinct().Count() != options.Batches.Length)
            throw new ArgumentException("Batch sizes must be positive and different from each other.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Stride ?? 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Rounds, nameof(options));
        blocks = new BlockLatency[source.KnowsBlocks ? source.Depth : 0];
    }

    /// <summary>Measures.</summary>
    /// <param name="earlier">A profile that was stopped; its runs count. Null to begin.</param>
    /// <param name="cancellation">Stops between two runs; what there is is saved first.</param>
    /// <returns>The finished profile.</returns>
    /// <exception cref="ArgumentException">The earlier profile is of something else.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public LatencyProfile Run(LatencyProfile? earlier = null, CancellationToken cancellation = default)
    {
        if (earlier is not null && WhyNot(earlier) is { } reason)
            throw new ArgumentException($"The earlier profile cannot be gone on with: {reason}.", nameof(earlier));
        batches = [.. options.Batches.Select(batch => new BatchSamples(batch, earlier?.Batches.FirstOrDefault(one => one.Batch == batch)?.Samples ?? []))];
        try
        {
            foreach (BatchSamples samples in batches)
            {
                source.Prepare(samples.Batch);
                Measure(samples, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            save?.Invoke(Snapshot(finished: false));
            throw;
        }

        return Snapshot(finished: true);
    }

    /// <summary>Why a profile is not of what is measured here.</summary>
    /// <param name="profile">Another one.</param>
    /// <returns>What differs; null where nothing does.</returns>
    public string? WhyNot(LatencyProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var here = DeviceFingerprint.OfThisMachine();
        bool sameTokens = (profile.Depth, profile.PrefixTokens, profile.Patches) == (source.Depth, source.PrefixTokens, source.Patches);
        return (profile.WeightsHash != source.WeightsHash || !sameTokens, profile.Device != here, profile.Threads != source.Threads, profile.Runtime != source.Runtime) switch
        {
            (true, _, _, _) => $"it is of other weights ({profile.Architecture}, {profile.WeightsHash[..12]}, {profile.PrefixTokens} + {profile.Patches} tokens), not of {source.Architecture} ({source.WeightsHash[..12]}, {source.PrefixTokens} + {source.Patches} tokens)",
            (_, true, _, _) => $"it was measured on another device ({profile.Device.Differences(here)})",
            (_, _, true, _) => $"it was measured with {profile.Threads} threads, not {source.Threads}",
            (_, _, _, true) => $"it was measured in {profile.Runtime}, not {source.Runtime}",
            _ => profile.Batches.Select(one => one.Batch).Order().SequenceEqual(options.Batches.Order())
                ? null
                : $"it is of batch {string.Join(", ", profile.Batches.Select(one => one.Batch))}, not {string.Join(", ", options.Batches)}",
        };
    }

    void Measure(BatchSamples samples, CancellationToken cancellation)
    {
        SortedSet<int> counts = TokenGrid.Initial(from, to, options.Stride);
        counts.UnionWith(samples.Counts.Where(tokens => tokens >= from && tokens <= to));
        WarmUp([.. counts], cancellation);
        double part = options.Stride is null ? CoarsePart : 1;
        while (true)
        {
            ImmutableArray<LatencyPoint> points = samples.Points();
            int[] wanted = BatchSamples.Wanted(counts, points, options);
            bool first = points.Length < counts.Count, inTime = options.Seconds is not { } all || samples.Seconds < part * all / batches.Length;
            if (wanted.Length > 0 && (first || inTime))
            {
                Round(samples, counts, wanted, cancellation);
                continue;
            }

            if (part == 1 && !inTime)
                return;
            part = 1;
            if (options.Stride is null && TokenGrid.Refine(points.AsSpan()) is { Count: > 0 } more)
                counts.UnionWith(more);
            else if (wanted.Length == 0)
                return;
        }
    }

    void Round(BatchSamples samples, SortedSet<int> counts, int[] wanted, CancellationToken cancellation)
    {
        // 1. What is wanted, and a few that are known.
        int[] settled = [.. counts.Except(wanted)];
        int[] anchors = [.. Enumerable.Range(1, Math.Min(Anchors, settled.Length)).Select(i => settled[(i * settled.Length / Math.Min(Anchors, settled.Length)) - 1])];
        int round = samples.NextRound;
        int[] order = [.. wanted, .. anchors];

        // 2. In an order of this round's own, the same on every machine.
        new Random(HashCode(options.Seed, samples.Batch, round)).Shuffle(order);

        // 3. Run after run.
        source.Run(order[0], blocks); // what the bookkeeping between two rounds put to sleep wakes here
        int total = done + order.Length + Remaining(samples, wanted.Length, round);
        foreach (int tokens in order)
        {
            cancellation.ThrowIfCancellationRequested();
            double milliseconds = source.Run(tokens, blocks);
            samples.Add(new(round, tokens, milliseconds, [.. blocks]));
            progress?.Report(new(samples.Batch, ++done, total));
            SaveIfDue();
        }
    }

    /// <summary>Runs that are still to come: what the rounds or the seconds leave, in this batch size and those after it.</summary>
    int Remaining(BatchSamples samples, int wanted, int round)
    {
        double each = samples.Runs == 0 ? 0 : samples.Seconds / samples.Runs, budget = (options.Seconds / batches.Length / each) ?? double.PositiveInfinity;
        double here = Math.Min((double)wanted * Math.Max(0, options.Rounds - 1 - (round % options.Rounds)), Math.Max(0, budget - samples.Runs));
        double later = Math.Min((double)wanted * options.Rounds, budget) * (batches.Length - 1 - batches.IndexOf(samples));
        return (int)Math.Min(int.MaxValue - done, here + later);
    }

    void WarmUp(int[] counts, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = counts.Length - 1; Stopwatch.GetElapsedTime(start).TotalSeconds < options.WarmUp; i = (i == 0 ? counts.Length : i) - 1)
        {
            cancellation.ThrowIfCancellationRequested();
            source.Run(counts[i], blocks);
        }
    }

    void SaveIfDue()
    {
        // Writing must not take more than a twentieth of the time.
        if (save is null || Stopwatch.GetElapsedTime(lastSave) < SaveEvery + (20 * saving))
            return;
        long start = Stopwatch.GetTimestamp();
        save(Snapshot(finished: false));
        lastSave = Stopwatch.GetTimestamp();
        saving = Stopwatch.GetElapsedTime(start);
        source.Run(to, blocks);
    }

    LatencyProfile Snapshot(bool finished) => new()
    {
        Architecture = source.Architecture,
        WeightsHash = source.WeightsHash,
        Depth = source.Depth,
        PrefixTokens = source.PrefixTokens,
        Patches = source.Patches,
        Runtime = source.Runtime,
        Threads = source.Threads,
        Device = DeviceFingerprint.OfThisMachine(),
        Tool = typeof(Profiler).Assembly.GetName().Version!.ToString(3),
        Finished = finished,
        Batches = [.. batches.Select(samples => samples.Summary(keepSamples: !finished))],
    };

    /// <summary>The same on every run of the program, unlike <see cref="System.HashCode"/>.</summary>
    static int HashCode(int seed, int batch, int round) => unchecked((((seed * 1_000_003) + batch) * 1_000_003) + round);
}
