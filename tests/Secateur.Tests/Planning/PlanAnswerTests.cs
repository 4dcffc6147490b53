using Secateur.Evaluation.Planning;
using Secateur.Evaluation.Profiling;
using Secateur.Models.Tokens;

namespace Secateur.Tests.Planning;

public sealed class PlanAnswerTests
{
    /// <summary>A plan at a part of dense's 10 ms that loses some of 100 answers; the interval of the ratio reaches so far to either side.</summary>
    static MeasuredPlan Plan(double part, int lost, double noise = 0.01)
    {
        var quality = new PlanQuality(100, 100 - lost, 0, 0, lost, false);
        double speed = 1 / part;
        return new(
            new(0, new("", 1, _ => TokenPlan.Dense), TokenPlan.Dense, new(1, null), quality), quality,
            new()
            {
                Architecture = "",
                Weights = "",
                Name = "",
                Device = DeviceFingerprint.OfThisMachine(),
                Threads = 1,
                Batch = 1,
                Rounds = 50,
                WarmUp = 8,
                Steady = true,
                Dense = new(10, 10, 10),
                Plan = new(10 * part, 10 * part, 10 * part),
                Speedup = new(speed, speed - noise, speed + noise),
                Control = new(1, 1, 1),
                DenseStages = default,
                PlanStages = default,
            });
    }

    [Fact]
    public void Of_those_that_are_faster_the_one_that_loses_least_is_chosen()
    {
        MeasuredPlan good = Plan(0.7, 1);
        PlanAnswer answer = PlanAnswer.Of(new(PlanGoalKind.MacsPart, 0.6), [Plan(0.6, 2), good, Plan(1.1, 0)], []);
        Assert.Same(good, answer.Chosen);
        Assert.True(answer.Reached);
    }

    [Theory]
    [InlineData(1.05, 0.01)]
    [InlineData(0.95, 0.2)]
    public void Where_none_is_faster_by_more_than_the_noise_none_is_chosen(double part, double noise)
    {
        PlanAnswer answer = PlanAnswer.Of(new(PlanGoalKind.MacsPart, 0.6), [Plan(part, 0, noise)], []);
        Assert.Null(answer.Chosen);
        Assert.False(answer.Reached);
    }

    [Fact]
    public void A_latency_is_reached_by_what_was_measured()
    {
        MeasuredPlan fast = Plan(0.6, 9), slow = Plan(0.8, 0);
        Assert.Same(fast, PlanAnswer.Of(new(PlanGoalKind.LatencyPart, 0.7), [slow, fast], []).Chosen);
        Assert.Same(fast, PlanAnswer.Of(new(PlanGoalKind.LatencyMilliseconds, 6.5), [slow, fast], []).Chosen);
        PlanAnswer missed = PlanAnswer.Of(new(PlanGoalKind.LatencyMilliseconds, 5), [slow, fast], []);
        Assert.Same(fast, missed.Chosen);
        Assert.False(missed.Reached);
    }

    [Fact]
    public void For_a_goal_of_loss_the_fastest_within_it_is_chosen_and_none_beyond_it()
    {
        MeasuredPlan fast = Plan(0.7, 1);
        Assert.Same(fast, PlanAnswer.Of(new(PlanGoalKind.Drop, 0.01), [Plan(0.8, 0), fast, Plan(0.6, 2)], []).Chosen);
        Assert.Null(PlanAnswer.Of(new(PlanGoalKind.Drop, 0.005), [fast], []).Chosen);
    }

    [Fact]
    public void A_gain_within_the_noise_is_none_on_the_front() =>
        Assert.Equal([false, true], ParetoFront.Of([Plan(0.6, 2, noise: 1), Plan(0.8, 1)], plan => plan.Losses));

    [Fact]
    public void On_the_front_is_who_is_beaten_by_nobody()
    {
        (double, double)[] points = [(1, 3), (2, 2), (2, 3), (3, 1), (1, 3), (4, 1)];
        Assert.Equal([true, true, false, true, true, false], ParetoFront.Of(points, point => [point.Item1, point.Item2]));
    }
}
