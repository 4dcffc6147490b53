using System.Collections.Immutable;

namespace Secateur.Evaluation.Profiling;

/// <summary>The single runs of one batch size, and what they say together.</summary>
/// <param name="batch">Pictures in a run.</param>
/// <param name="earlier">Runs from before an interruption.</param>
internal sealed class BatchSamples(int batch, ImmutableArray<LatencySample> earlier)
{
    readonly List<LatencySample> samples = [.. earlier];

    /// <summary>Pictures in a run.</summary>
    public int Batch => batch;

    /// <summary>The round that comes next.</summary>
    public int NextRound => samples.Count == 0 ? 0 : samples[^1].Round + 1;

    /// <summary>Seconds that all runs took.</summary>
    public double Seconds => samples.Sum(sample => sample.Milliseconds) / 1000;

    /// <summary>How many there are.</summary>
    public int Runs => samples.Count;

    /// <summary>Numbers of tokens that ran at all.</summary>
    public IEnumerable<int> Counts => samples.Select(sample => sample.Tokens).Distinct();

    /// <summary>Counts that have not run often enough for their medians to be sure.</summary>
    public static int[] Wanted(IEnumerable<int> counts, ImmutableArray<LatencyPoint> points, ProfilerOptions options)
    {
        Dictionary<int, LatencyPoint> known = points.ToDictionary(point => point.Tokens);
        return [.. counts.Where(tokens => !known.TryGetValue(tokens, out LatencyPoint? point) || !(point.Samples >= options.Rounds
            || (point.Samples >= options.FewestRounds && StepDetection.StandardError(point) <= options.Precision * point.Milliseconds.Median)))];
    }

    public void Add(LatencySample sample) => samples.Add(sample);

    /// <summary>Median and quartiles at every count, by rising count; without blocks.</summary>
    public ImmutableArray<LatencyPoint> Points() => Points(MedianPolish.Factors(samples), blocks: false);

    /// <summary>Everything that is known.</summary>
    /// <param name="keepSamples">Whether the single runs are wanted too.</param>
    public BatchLatency Summary(bool keepSamples)
    {
        ImmutableArray<LatencyPoint> points = Points(MedianPolish.Factors(samples), blocks: true);
        ImmutableArray<LatencyStep> steps = StepDetection.Steps(points.AsSpan());
        return new(batch, points)
        {
            Steps = steps,
            Dearest = StepDetection.Dearest(points.AsSpan(), steps),
            TokenMilliseconds = StepDetection.Slope(points.AsSpan()),
            Samples = keepSamples ? [.. samples] : [],
        };
    }

    ImmutableArray<LatencyPoint> Points(Dictionary<int, double> factors, bool blocks) =>
        [.. samples.GroupBy(sample => sample.Tokens).OrderBy(same => same.Key).Select(same => Point(same.Key, [.. same], factors, blocks))];

    static LatencyPoint Point(int tokens, LatencySample[] same, Dictionary<int, double> factors, bool blocks)
    {
        var whole = Spread.Of(same.Select(sample => sample.Milliseconds / factors[sample.Round]));
        var point = new LatencyPoint(tokens, whole, same.Length);
        int depth = blocks ? same.Min(sample => sample.Blocks.Length) : 0;
        if (depth == 0)
            return point;

        double Median(Func<LatencySample, double> part) => Spread.Of(same.Select(sample => part(sample) / factors[sample.Round])).Median;
        double outside = Median(sample => Math.Max(0, sample.Milliseconds - sample.Blocks.Sum(block => block.Total)));
        BlockLatency[] each = [.. Enumerable.Range(0, depth).Select(i => new BlockLatency(Median(sample => sample.Blocks[i].Attention), Median(sample => sample.Blocks[i].Mlp)))];
        double sum = outside + each.Sum(block => block.Total), scale = sum > 0 ? whole.Median / sum : 1;
        return point with { Outside = outside * scale, Blocks = [.. each.Select(block => new BlockLatency(block.Attention * scale, block.Mlp * scale))] };
    }
}
