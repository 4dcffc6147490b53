using System.Collections.Immutable;
using Secateur.Evaluation;
using Secateur.Evaluation.Profiling;

namespace Secateur.Tests.Profiling;

public sealed class StepDetectionTests
{
    const int Samples = 15;

    static double Linear(int tokens) => 0.4 + (0.02 * tokens);

    static double Attention(int tokens) => 0.4 + (0.015 * tokens) + (0.00004 * tokens * tokens);

    static double Waves(int tokens, int wave) => 0.5 + (0.8 * ((tokens + wave - 1) / wave) * (wave / 32.0));

    [Theory]
    [InlineData(0)]
    [InlineData(0.003)]
    [InlineData(0.03)]
    public void There_are_no_steps_in_a_smooth_curve_however_noisy(double noise)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            Assert.Empty(Steps(Linear, noise, seed));
            Assert.Empty(Steps(Attention, noise, seed));
            Assert.Empty(Steps(_ => 3, noise, seed));
        }
    }

    [Fact]
    public void There_are_no_steps_in_noise_with_bursts()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            double Burst() => random.Next(6) == 0 ? 1 + random.NextDouble() : 1;
            Assert.Empty(StepDetection.Steps(Curve(tokens => Linear(tokens) * Burst(), 0.01, seed).AsSpan()));
        }
    }

    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    [InlineData(16)]
    [InlineData(8)]
    [InlineData(4)]
    public void Waves_of_work_are_found_each_at_its_place_and_nothing_else(int wave)
    {
        int[] edges = [.. Enumerable.Range(1, 196 / wave).Select(i => i * wave).Where(edge => edge > 2)];
        for (int seed = 0; seed < 20; seed++)
        {
            // A wave of 4 tokens adds 0.1 ms to up to 5.3 ms: the noise must be smaller for it to be seen.
            ImmutableArray<LatencyStep> steps = Steps(tokens => Waves(tokens, wave), wave < 8 ? 0.001 : 0.004, seed);
            Assert.Equal(edges, steps.Select(step => step.Tokens));
            Assert.All(steps, step => Assert.Equal(step.Tokens + 1, step.Next));

            // Within 5 standard errors of what the formula says.
            Assert.All(steps, step => Assert.Equal(0.8 * wave / 32, step.Milliseconds, 5 * step.Noise));
        }
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(-0.25)]
    public void A_step_up_or_down_is_told_from_the_slope_around_it(double size)
    {
        LatencyStep step = Assert.Single(Steps(tokens => Linear(tokens) + (tokens > 100 ? size : 0), 0.004, 3));
        Assert.Equal((100, 101), (step.Tokens, step.Next));
        Assert.Equal(0.02, step.Trend, 0.01); // the slope of the line; its error is that of a median of 17 noisy increments
        Assert.Equal(size + 0.02, step.Milliseconds, 5 * step.Noise);
    }

    [Fact]
    public void Two_runs_that_lie_together_by_chance_make_no_step()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            Assert.Empty(StepDetection.Steps(Curve(Linear, 0.03, seed, samples: 2).AsSpan()));
            Assert.Null(StepDetection.Dearest(Curve(Linear, 0.03, seed, samples: 2).AsSpan(), []));
        }
    }

    [Fact]
    public void One_odd_count_is_no_step() =>
        Assert.Empty(Steps(tokens => Linear(tokens) * (tokens == 120 ? 1.5 : 1), 0.004, 1));

    [Fact]
    public void A_step_within_the_noise_is_not_claimed() =>
        Assert.Empty(Steps(tokens => Linear(tokens) + (tokens > 100 ? 0.03 : 0), 0.04, 2));

    [Fact]
    public void One_more_token_costs_most_at_the_largest_step()
    {
        ImmutableArray<LatencyPoint> curve = Curve(tokens => Linear(tokens) + (tokens > 60 ? 0.3 : 0) + (tokens > 130 ? 0.6 : 0), 0.003, 4);
        TokenCost dearest = StepDetection.Dearest(curve.AsSpan(), StepDetection.Steps(curve.AsSpan()))!;
        Assert.Equal((130, 131), (dearest.Tokens, dearest.Next));
    }

    [Fact]
    public void Without_steps_one_more_token_costs_most_where_the_curve_is_steepest()
    {
        ImmutableArray<LatencyPoint> curve = Curve(tokens => 0.01 * tokens * (1 + (tokens / 150.0)), 0.003, 4);
        TokenCost dearest = StepDetection.Dearest(curve.AsSpan(), [])!;
        Assert.InRange(dearest.Tokens, 140, 190);
        Assert.InRange(dearest.Milliseconds, 0.025, 0.045); // the derivative goes from 0.0287 at 140 to 0.0363 at 197
    }

    [Fact]
    public void On_a_straight_line_no_token_costs_more_than_another()
    {
        ImmutableArray<LatencyPoint> curve = Curve(Linear, 0.01, 1);
        Assert.Null(StepDetection.Dearest(curve.AsSpan(), []));
        Assert.Equal(0.02, StepDetection.Slope(curve.AsSpan())!.Value, 0.0005); // 1% of about 2 ms, over 98 tokens, a median of 98
    }

    [Fact]
    public void One_or_two_points_say_nothing_about_steps()
    {
        Assert.Empty(Steps(Linear, 0, 0, 2, 2));
        Assert.Null(StepDetection.Slope(Curve(Linear, 0, 0, 2, 2).AsSpan()));
        Assert.Empty(Steps(Linear, 0, 0, 2, 3));
    }

    static ImmutableArray<LatencyStep> Steps(Func<int, double> milliseconds, double noise, int seed, int from = 2, int to = 197) =>
        StepDetection.Steps(Curve(milliseconds, noise, seed, from, to).AsSpan());

    /// <summary>As a profile has it: median and quartiles of several noisy runs at each count.</summary>
    static ImmutableArray<LatencyPoint> Curve(Func<int, double> milliseconds, double noise, int seed, int from = 2, int to = 197, int samples = Samples)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(from, to - from + 1).Select(tokens => new LatencyPoint(
                tokens,
                Spread.Of(Enumerable.Range(0, samples).Select(_ => milliseconds(tokens) * Math.Exp(noise * SyntheticLatency.Normal(random))).ToArray()),
                samples)),
        ];
    }
}
