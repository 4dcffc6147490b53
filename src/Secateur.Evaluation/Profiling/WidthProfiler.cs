using System.Collections.Immutable;
using System.Diagnostics;

namespace Secateur.Evaluation.Profiling;

/// <summary>Measures what blocks take against their numbers of heads and neurons. Rounds run every narrower network once, in shuffled order, so that
/// a machine that becomes slower or faster does so for all of them, and each round is divided by how slow it was.</summary>
/// <param name="source">What is measured.</param>
/// <param name="options">How long: rounds, seconds, warming up.</param>
/// <param name="progress">Told how far it is.</param>
public sealed class WidthProfiler(IWidthLatencySource source, ProfilerOptions options, IProgress<ProfilerProgress>? progress = null)
{
    /// <summary>Rounds that run however long they take.</summary>
    const int FewestRounds = 3;

    /// <summary>Measures.</summary>
    /// <param name="batch">Sequences in a run.</param>
    /// <param name="cancellation">Stops between two runs.</param>
    /// <returns>What was measured.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public WidthLatency Run(int batch, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);

        // 1. Networks that have every number somewhere, and the whole one.
        ImmutableArray<ImmutableArray<(int Heads, int Neurons)>> networks = WidthGrid.Deal(source.Blocks);
        source.Prepare(batch, networks);

        // 2. Rounds, each in an order of its own. A sample's tokens are the index of its network: what is compared from round to round.
        var samples = new List<LatencySample>();
        var blocks = new BlockLatency[source.Blocks.Length];
        var random = new Random(options.Seed);
        int[] order = [.. Enumerable.Range(0, networks.Length)];
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < options.WarmUp;)
            RunAll(order, blocks, (_, _) => { }, cancellation);
        for (int round = 0; round < options.Rounds && (round < FewestRounds || !(samples.Sum(sample => sample.Milliseconds) > 1000 * options.Seconds)); round++)
        {
            random.Shuffle(order);
            RunAll(order, blocks, (network, milliseconds) =>
            {
                samples.Add(new(round, network, milliseconds, [.. blocks]));
                progress?.Report(new(batch, samples.Count, options.Rounds * order.Length));
            }, cancellation);
        }

        // 3. Medians, each round divided by how slow it was.
        Dictionary<int, double> factors = MedianPolish.Factors(samples);
        return new(
            source.Tokens,
            Median(samples.Select(sample => Math.Max(0, sample.Milliseconds - sample.Blocks.Sum(block => block.Total)) / factors[sample.Round])),
            [.. Enumerable.Range(0, blocks.Length).Select(i => Dense(samples, factors, i))],
            [.. source.Blocks.Select((shape, block) => (shape, block)).GroupBy(one => one.shape, one => one.block).Select(same =>
            {
                ImmutableArray<int> own = [.. same];
                ImmutableArray<WidthPoint> neurons = Points(own, width => width.Neurons, block => block.Mlp);
                return new ShapeLatency(same.Key, own, Points(own, width => width.Heads, block => block.Attention), neurons, WidthTable.Step(neurons));
            })]);

        ImmutableArray<WidthPoint> Points(ImmutableArray<int> own, Func<(int Heads, int Neurons), int> kept, Func<BlockLatency, double> part) =>
            [.. samples.SelectMany(sample => own.Select(block => (Kept: kept(networks[sample.Tokens][block]), Time: part(sample.Blocks[block]) / factors[sample.Round])))
                .GroupBy(one => one.Kept, one => one.Time).OrderBy(same => same.Key)
                .Select(same => new WidthPoint(same.Key, Spread.Of(same), same.Count()))];
    }

    void RunAll(int[] order, BlockLatency[] blocks, Action<int, double> done, CancellationToken cancellation)
    {
        foreach (int network in order)
        {
            cancellation.ThrowIfCancellationRequested();
            done(network, source.Run(network, blocks));
        }
    }

    /// <summary>A block of the network as it is.</summary>
    static BlockLatency Dense(List<LatencySample> samples, Dictionary<int, double> factors, int block)
    {
        LatencySample[] whole = [.. samples.Where(sample => sample.Tokens == 0)];
        return new(Median(whole.Select(sample => sample.Blocks[block].Attention / factors[sample.Round])), Median(whole.Select(sample => sample.Blocks[block].Mlp / factors[sample.Round])));
    }

    static double Median(IEnumerable<double> times) => Spread.Of(times).Median;
}
