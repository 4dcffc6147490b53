using Secateur.Evaluation.Timing;

namespace Secateur.Tests.Timing;

public sealed class BlockBootstrapTests
{
    const int Rounds = 60, Series = 200;

    [Fact]
    public void The_interval_holds_the_median_and_is_the_same_for_the_same_seed()
    {
        var random = new Random(1);
        double[] values = [.. Enumerable.Range(0, 50).Select(_ => 1 + (0.1 * random.NextDouble()))];
        Estimate one = BlockBootstrap.Median(values, seed: 3);
        Assert.Equal(one, BlockBootstrap.Median(values, seed: 3));
        Assert.InRange(one.Value, one.Low, one.High);
        Assert.True(one.Low > values.Min() && one.High < values.Max());
    }

    [Fact]
    public void What_never_changes_is_sure() => Assert.Equal(new Estimate(2, 2, 2), BlockBootstrap.Median([2, 2, 2, 2, 2, 2, 2]));

    /// <summary>Neighbours that are alike say less than as many that are not.</summary>
    [Fact]
    public void Correlated_rounds_are_less_sure_than_the_same_rounds_in_any_order()
    {
        double[] slow = [.. Enumerable.Range(0, 100).Select(i => 1 + (0.1 * Math.Sin(i / 8.0)))];
        double[] shuffled = [.. slow];
        new Random(1).Shuffle(shuffled);
        Estimate correlated = BlockBootstrap.Median(slow), independent = BlockBootstrap.Median(shuffled);
        Assert.True(correlated.High - correlated.Low > 1.3 * (independent.High - independent.Low));
    }

    [Fact]
    public void Where_there_is_no_difference_95_of_100_series_say_so_though_the_noise_is_correlated() =>
        Assert.InRange(Enumerable.Range(0, Series).Count(seed => Simulated(seed, faster: 1, noise: 0.03).Differs), 0, Series / 20);

    [Fact]
    public void A_tenth_is_found_in_the_same_noise_and_its_size_is_right()
    {
        PlanTiming[] timings = [.. Enumerable.Range(0, Series).Select(seed => Simulated(seed, faster: 1.1, noise: 0.03))];
        Assert.InRange(timings.Count(timing => timing.Faster), Series * 95 / 100, Series);
        Assert.Equal(1.1, timings.Average(timing => timing.Speedup.Value), 0.01);
    }

    [Fact]
    public void A_slower_plan_differs_too_and_is_not_faster()
    {
        PlanTiming slower = Simulated(1, faster: 0.8, noise: 0.03);
        Assert.True(slower is { Differs: true, Faster: false });
    }

    [Theory]
    [InlineData(1.05, 1.02, 1.08, 0.99, 1.01, true)]
    [InlineData(1.05, 0.99, 1.08, 0.99, 1.01, false)]
    [InlineData(1.05, 1.02, 1.08, 0.99, 1.03, false)]
    [InlineData(0.95, 0.92, 0.98, 0.99, 1.01, true)]
    [InlineData(0.95, 0.92, 0.98, 0.97, 1.01, false)]
    public void A_difference_lies_beyond_1_and_beyond_the_control(double value, double low, double high, double controlLow, double controlHigh, bool differs) =>
        Assert.Equal(differs, (Timings.Faster with { Speedup = new(value, low, high), Control = new(1, controlLow, controlHigh) }).Differs);

    [Fact]
    public void Fewer_than_six_rounds_tell_no_difference() => Assert.False((Timings.Faster with { Rounds = PlanTiming.FewestRounds - 1 }).Differs);

    /// <summary>A machine that drifts, each thing with correlated noise of its own, and now and then something that takes a core away.</summary>
    static PlanTiming Simulated(int seed, double faster, double noise)
    {
        const double kept = 0.6;
        var random = new Random(seed);
        double drift = 0;
        double[] own = new double[3];
        double[][] times = [new double[Rounds], new double[Rounds], new double[Rounds]];
        for (int round = 0; round < Rounds; round++)
        {
            drift = (0.95 * drift) + (0.05 * Normal());
            for (int i = 0; i < own.Length; i++)
            {
                own[i] = (kept * own[i]) + (Math.Sqrt(1 - (kept * kept)) * noise * Normal());
                double spike = random.NextDouble() < 0.05 ? 0.5 * random.NextDouble() : 0;
                times[i][round] = 10 * Math.Exp(drift + own[i] + spike) / (i == 1 ? faster : 1);
            }
        }

        return Timings.Faster with { Rounds = Rounds, Speedup = Ratio(times[0], times[1]), Control = Ratio(times[0], times[2]) };

        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    static Estimate Ratio(double[] dense, double[] other) => BlockBootstrap.Median([.. dense.Zip(other, (a, b) => a / b)]);
}
