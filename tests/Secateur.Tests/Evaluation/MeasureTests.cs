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

    [Fact]
    public void A_difference_needs_the_middle_half_of_the_rounds_on_one_side()
    {
        var noise = new SideBySide(new(1, 1, 1), new(1, 1, 1), new Spread(1.1, 0.9, 1.3), 9);
        Assert.False(noise.Differs);
        Assert.True((noise with { Ratio = new(1.1, 1.01, 1.3) }).Differs);
        Assert.True((noise with { Ratio = new(0.8, 0.7, 0.9) }).Differs);
    }

    [Fact]
    public void Both_sides_run_equally_often_and_take_turns_to_begin()
    {
        var order = new List<char>();
        SideBySide.Measure(() => order.Add('a'), () => order.Add('b'), 4);
        Assert.Equal(order.Count(c => c == 'a'), order.Count(c => c == 'b'));
        string counted = string.Concat(order.TakeLast(8));
        Assert.Equal("abbaabba", counted);
    }

    [Fact]
    public void Measuring_stops_when_asked()
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => SideBySide.Measure(stop.Cancel, () => { }, 1000, cancellation: stop.Token));
    }
}
