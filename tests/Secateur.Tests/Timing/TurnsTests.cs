using Secateur.Evaluation.Timing;

namespace Secateur.Tests.Timing;

public sealed class TurnsTests
{
    static readonly TimingOptions Quick = new() { Rounds = 60, WarmUp = 2, WarmUpTime = TimeSpan.Zero };

    [Fact]
    public void In_each_round_everything_runs_once_and_each_is_first_and_last_at_times()
    {
        var order = new List<char>();
        var turns = new Turns([.. "abc".Select(name => (Action<int>)(_ => order.Add(name)))], Quick);
        turns.Measure();
        string[] rounds = [.. order.Skip(3 * turns.WarmUpRounds).Chunk(3).Select(round => new string(round))];
        Assert.Equal(60, rounds.Length);
        Assert.All(rounds, round => Assert.Equal("abc", string.Concat(round.Order())));
        Assert.Equal(6, rounds.Distinct().Count());
    }

    [Fact]
    public void The_order_is_the_same_for_the_same_seed()
    {
        Assert.Equal(Order(seed: 1), Order(seed: 1));
        Assert.NotEqual(Order(seed: 1), Order(seed: 2));

        static string Order(int seed)
        {
            var order = new List<char>();
            new Turns([.. "abc".Select(name => (Action<int>)(_ => order.Add(name)))], Quick with { Seed = seed }).Measure();
            return string.Concat(order.Take(3 * 60));
        }
    }

    [Fact]
    public void Warming_up_goes_on_for_as_long_as_runs_get_faster()
    {
        // Each of the first 20 rounds is clearly faster than the one before: the warm-up cannot have ended in between, however the machine disturbs a few.
        var turns = new Turns([round => Spin(round < 20 ? 30 - round : 10)], Quick with { Rounds = 1, WarmUp = 10 });
        turns.Measure();
        Assert.True(turns.WarmUpRounds >= 20);

        static void Spin(int steps)
        {
            long until = System.Diagnostics.Stopwatch.GetTimestamp() + (steps * System.Diagnostics.Stopwatch.Frequency / 5000);
            while (System.Diagnostics.Stopwatch.GetTimestamp() < until)
            {
            }
        }
    }

    [Fact]
    public void Watched_rounds_come_between_the_others_from_the_first_on()
    {
        var watched = new List<int>();
        new Turns([_ => { }], Quick with { Rounds = 12, WatchEvery = 5 }).Measure(watched.Add);
        Assert.Equal([0, 5, 10], watched);
    }

    [Fact]
    public void Seconds_are_kept_to_but_for_the_fewest_rounds_that_say_anything()
    {
        var turns = new Turns([_ => { }], Quick with { Seconds = 0 });
        turns.Measure();
        Assert.Equal(PlanTiming.FewestRounds, turns.Rounds);
    }
}
