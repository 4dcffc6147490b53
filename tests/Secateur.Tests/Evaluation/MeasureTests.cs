using Secateur.Evaluation;

namespace Secateur.Tests.Evaluation;

public sealed class MeasureTests
{
    [Fact]
    public void The_spread_is_median_and_quartiles_in_any_order() =>
        Assert.Equal(new Spread(3, 2, 4), Spread.Of([5, 1, 4, 2, 3]));

    [Fact]
    public void Between_two_measurements_the_spread_is_interpolated() =>
        Assert.Equal(new Spread(1.5, 1.25, 1.75), Spread.Of([1, 2]));

    [Fact]
    public void The_interval_is_Wilsons()
    {
        // 81 of 263, the textbook case of the score interval (Newcombe 1998, table I): 0.2553 to 0.3662.
        (double low, double high) = new Proportion(81, 263).Interval;
        Assert.Equal(0.2553, low, 0.00005);
        Assert.Equal(0.3662, high, 0.00005);
    }

    [Fact]
    public void The_interval_stays_in_bounds_where_all_are_right()
    {
        (double low, double high) = new Proportion(10, 10).Interval;
        Assert.InRange(low, 0.6, 1);
        Assert.Equal(1, high, 1e-12);
    }
}
