using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Timing;

namespace Secateur.Tests.Evaluation;

public sealed class AccuracyStatisticsTests
{
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(3, 3, 1)]
    [InlineData(5, 0, 2.0 / 32)] // two of 2^5 ways
    [InlineData(8, 2, 2 * (1 + 10 + 45) / 1024.0)]
    [InlineData(7, 1, 0.0703125)] // 2 (1 + 8) / 2^8
    public void McNemars_test_is_the_two_sided_binomial(int lost, int gained, double p)
    {
        Assert.Equal(p, McNemar.Exact(lost, gained), 0.0000005);
        Assert.Equal(p, McNemar.Exact(gained, lost), 0.0000005);
    }

    [Fact]
    public void McNemars_test_holds_where_powers_of_two_overflow()
    {
        // 10,000 coins with a split one standard deviation (100 of difference) off the middle: 2 (1 - Phi(99 / 100)) = 0.3222 with the correction for steps; the normal law is good to 0.0001 at this count.
        Assert.Equal(0.3222, McNemar.Exact(5050, 4950), 0.0002);
        Assert.Equal(0, McNemar.Exact(40_000, 0));
    }

    [Theory]
    [InlineData(1, 7, 21, -0.5172323, -0.0260030)]
    [InlineData(6, 16, 161, -0.1240234, -0.0054334)]
    [InlineData(40, 20, 160, 0.0308645, 0.2180642)]
    public void The_paired_interval_is_Tangos(int lost, int gained, int of, double low, double high)
    {
        // Expected: the score test's two roots with the likelihood maximised by search instead of by its closed form.
        Estimate difference = PairedDifference.Of(lost, gained, of);
        Assert.Equal((double)(lost - gained) / of, difference.Value);
        Assert.Equal(low, difference.Low, 1e-7);
        Assert.Equal(high, difference.High, 1e-7);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(3925)]
    public void Networks_that_answer_alike_lose_nothing_within_Wilsons_bound(int of)
    {
        // With nothing lost and nothing gained the score equation is n d^2 = z^2 d (1 - d).
        const double z2 = 1.959964 * 1.959964;
        Estimate difference = PairedDifference.Of(0, 0, of);
        Assert.Equal(0, difference.Value);
        Assert.Equal(z2 / (of + z2), difference.High, 1e-6);
        Assert.Equal(-difference.High, difference.Low);
    }

    [Theory]
    [InlineData(5, 0, 5)]
    [InlineData(12, 3, 100)]
    [InlineData(200, 150, 50_000)]
    public void Swapped_sides_negate_the_difference(int lost, int gained, int of)
    {
        Estimate one = PairedDifference.Of(lost, gained, of), other = PairedDifference.Of(gained, lost, of);
        Assert.Equal(one, new(-other.Value, -other.High, -other.Low));
        Assert.InRange(one.Value, one.Low, one.High);
        Assert.InRange(one.Low, -1, 1);
    }

    [Fact]
    public void The_paired_interval_excludes_zero_where_McNemars_score_does()
    {
        // (b - c)^2 / (b + c) against 3.8415: 13 and 3 give 6.25, 10 and 4 give 2.57.
        Assert.True(PairedDifference.Of(13, 3, 200).Low > 0);
        Assert.True(PairedDifference.Of(10, 4, 200).Low < 0);
    }

    [Theory]
    [InlineData(0.02, 0.01, 400)]
    [InlineData(0.05, 0.002, 1000)]
    [InlineData(0.2, 0.1, 100)]
    public void The_paired_interval_covers_the_truth_nearly_as_often_as_it_says(double lose, double gain, int of)
    {
        const int runs = 4000;
        var random = new Random(7);
        int covered = 0;
        for (int run = 0; run < runs; run++)
        {
            int lost = 0, gained = 0;
            for (int i = 0; i < of; i++)
            {
                double u = random.NextDouble();
                lost += u < lose ? 1 : 0;
                gained += u >= lose && u < lose + gain ? 1 : 0;
            }

            Estimate difference = PairedDifference.Of(lost, gained, of);
            covered += difference.Low <= lose - gain && lose - gain <= difference.High ? 1 : 0;
        }

        // 0.95 within four standard errors of the simulation (0.014), and counts are steps: another 0.01.
        Assert.Equal(0.95, (double)covered / runs, 0.024);
    }

    [Fact]
    public void The_interval_of_a_mean_covers_the_truth_nearly_as_often_as_it_says()
    {
        const int runs = 300, of = 400;
        var random = new Random(11);
        int covered = 0;
        for (int run = 0; run < runs; run++)
        {
            // As skewed as divergences are: exponential, mean 1.
            double[] values = [.. Enumerable.Range(0, of).Select(_ => -Math.Log(1 - random.NextDouble()))];
            Estimate mean = Bootstrap.Mean(values);
            covered += mean.Low <= 1 && 1 <= mean.High ? 1 : 0;
        }

        // 0.95 within three standard errors of the simulation (0.038); the percentile bootstrap falls short by about 0.01 at this skew and count.
        Assert.InRange((double)covered / runs, 0.90, 0.99);
    }

    [Fact]
    public void The_interval_of_a_mean_is_the_normal_one_for_many_values()
    {
        // 0 and 1 in turns: mean 0.5, standard error 0.5 / 100; the bootstrap's own error of a 2.5% point from 2000 samples is about 5% of the half width.
        Estimate mean = Bootstrap.Mean([.. Enumerable.Range(0, 10_000).Select(i => i % 2.0)]);
        Assert.Equal(0.5, mean.Value);
        Assert.Equal(0.5 - (1.96 * 0.005), mean.Low, 0.0008);
        Assert.Equal(0.5 + (1.96 * 0.005), mean.High, 0.0008);
    }

    [Fact]
    public void The_interval_of_equal_values_is_that_value()
    {
        Assert.Equal(new Estimate(0, 0, 0), Bootstrap.Mean([0, 0, 0]));
        Assert.Equal(new Estimate(0.25, 0.25, 0.25), Bootstrap.Mean([0.25]));
        Assert.Throws<ArgumentException>(() => Bootstrap.Mean([]));
    }
}
