using Secateur.Cli;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Timing;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Tests.Timing;

public sealed class PlanTimerTests
{
    static readonly TimingOptions Few = new() { Rounds = 7, WarmUp = 1, WarmUpTime = TimeSpan.Zero };
    static readonly VisionTransformer ScenesVit = Network.Load("scenes-vit", 1);
    static readonly SceneSet Scenes = new(SceneGenerator.FirstHeldOutSeed, 3, ScenesVit.Config.Preprocessing with { Size = ScenesVit.ImageSize });
    static readonly TokenPlan Pruned = TokenPlans.Named("zero-tprune", ScenesVit.Depth, ScenesVit.PatchTokens);

    [Fact]
    public void Several_plans_are_timed_against_the_same_dense_runs()
    {
        var timings = new PlanTimer(ScenesVit, Scenes, 2, Few).Measure([Pruned, TokenPlan.Dense with { Name = "also dense" }]);
        Assert.Equal(["zero-tprune", "also dense"], timings.Select(timing => timing.Name));
        Assert.All(timings, timing => Assert.Equal((2, 1, 7), (timing.Batch, timing.Threads, timing.Rounds)));
        Assert.Equal(timings[0].Dense, timings[1].Dense);
        Assert.Equal(timings[0].Control, timings[1].Control);
        Assert.Equal(timings[0], PlanTimingFile.Parse(PlanTimingFile.Print(timings[0])) with
        {
            Waited = timings[0].Waited,
            Dense = timings[0].Dense,
            Plan = timings[0].Plan,
            DenseStages = timings[0].DenseStages,
            PlanStages = timings[0].PlanStages,
        });
    }

    [Fact]
    public void Parts_add_up_to_the_median_and_only_a_plan_selects()
    {
        PlanTiming timing = new PlanTimer(ScenesVit, Scenes, 1, Few).Measure(Pruned);
        foreach ((StageTimes stages, Percentiles whole) in new[] { (timing.DenseStages, timing.Dense), (timing.PlanStages, timing.Plan) })
        {
            Assert.Equal(whole.P50, stages.Whole, 1e-9);
            Assert.All([stages.Embedding, stages.Attention, stages.Mlp, stages.Head], part => Assert.True(part > 0));
            Assert.True(stages.Error >= 0);
        }

        Assert.Equal(0, timing.DenseStages.Selection);
        Assert.True(timing.PlanStages.Selection > 0);
    }

    [Fact]
    public void Stopped_between_rounds_it_keeps_what_was_measured()
    {
        using var stop = new CancellationTokenSource();
        var third = new Told(progress =>
        {
            if (progress.Done == 3)
                stop.Cancel();
        });
        Assert.Equal(3, new PlanTimer(ScenesVit, Scenes, 1, Few).Measure(Pruned, third, stop.Token).Rounds);
        Assert.Throws<OperationCanceledException>(() => new PlanTimer(ScenesVit, Scenes, 1, Few).Measure(Pruned, cancellation: stop.Token));
    }

    sealed class Told(Action<TimingProgress> action) : IProgress<TimingProgress>
    {
        public void Report(TimingProgress value) => action(value);
    }
}
