using System.Collections.Immutable;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Timing;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Planning;

/// <summary>Chooses method, places and counts for a goal: searches on half of the pictures, judges the finalists on the other half, times
/// them in turn with the dense network, and says which to use. docs/planning.md tells it for users.</summary>
public sealed class Planner
{
    /// <summary>Budgets that a goal of loss tries, each halving what is left between too much and too little.</summary>
    const int Budgets = 5;

    /// <summary>The smallest budget that a goal of loss tries, as a part of dense.</summary>
    const double LeastBudget = 0.3;

    /// <summary>How often finalists that were predicted to be faster than they are get a smaller budget.</summary>
    const int Corrections = 2;

    readonly PlanSearchOptions options;
    readonly VisionTransformer network;
    readonly PlanJudge search;
    readonly PlanJudge heldOut;
    readonly PlanTimer timer;
    readonly List<MeasuredPlan> measured = [];

    /// <summary>A planner for a network.</summary>
    /// <param name="options">How wide it searches.</param>
    /// <param name="costs">What plans cost.</param>
    /// <param name="pictures">To search with.</param>
    /// <param name="others">To judge with what was found; the search never sees them.</param>
    /// <param name="elsewhere">Times finalists in the runtime that the profile is of; null for this program's engine.</param>
    public Planner(PlanSearchOptions options, PlanCosts costs, IPictureSet pictures, IPictureSet others, IPlanRunner? elsewhere = null)
    {
        ArgumentNullException.ThrowIfNull(costs);
        (this.options, Costs, network) = (options, costs, costs.Network);
        (search, heldOut) = (new(network, pictures), new(network, others));
        Search = new(options, costs, search);
        timer = new(network, pictures, costs.Batch, new() { Rounds = options.Rounds, Seed = options.Seed }, elsewhere);
    }

    /// <summary>What plans cost.</summary>
    public PlanCosts Costs { get; }

    /// <summary>What is known of the search, also after it was stopped.</summary>
    public PlanSearch Search { get; }

    /// <summary>The plans that were timed so far.</summary>
    public ImmutableArray<MeasuredPlan> Measured => [.. measured];

    /// <summary>Plans.</summary>
    /// <param name="goal">For what.</param>
    /// <param name="stage">Makes what is told how far a part of the work is, given its name and its size: "pictures", 1920.</param>
    /// <param name="cancellation">Stops it; what is known stays in <see cref="Search"/> and <see cref="Measured"/>.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="InvalidOperationException">A latency is asked for and there is no profile.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public PlanAnswer Run(PlanGoal goal, Func<string, int, IProgress<int>>? stage = null, CancellationToken cancellation = default)
    {
        measured.Clear();
        double limit = goal.Value;
        if (goal.Kind == PlanGoalKind.LatencyMilliseconds && Costs.Dense.Of(PlanMeasure.Latency) is var predicted && predicted <= limit)
        {
            // Every token may be fast enough already. If only the profile says so, what it says of plans is as much too little.
            Percentiles dense = Whole(timer.Measure([TokenPlan.Dense], null, cancellation), cancellation)[0].Dense;
            if (dense.P50 <= limit)
                return new(null, true, [], []) { Dense = dense };
            limit *= predicted / dense.P50;
        }

        ImmutableArray<PlanCandidate> finalists = goal.Kind switch
        {
            PlanGoalKind.Drop => Within(goal.Value, stage, cancellation),
            PlanGoalKind.MacsPart => Find(new(PlanMeasure.Macs, goal.Value * Costs.Dense.Macs), stage, cancellation),
            PlanGoalKind.LatencyPart => Find(new(PlanMeasure.Latency, goal.Value * Costs.Dense.Of(PlanMeasure.Latency)), stage, cancellation),
            _ => Find(new(PlanMeasure.Latency, limit), stage, cancellation),
        };
        Measure(finalists, stage, cancellation);
        for (int i = 0, from = 0; goal.IsLatency && i < Corrections && !measured.Any(plan => plan.Faster && goal.Reached(plan)); i++)
        {
            ImmutableArray<PlanCandidate> again = Corrected(goal, measured[from..], cancellation);
            from = measured.Count;
            Measure(again, stage, cancellation);
        }

        return PlanAnswer.Of(goal, Measured, goal.Kind == PlanGoalKind.Drop ? [] : Search.Beyond);
    }

    ImmutableArray<PlanCandidate> Find(PlanBudget budget, Func<string, int, IProgress<int>>? stage, CancellationToken cancellation) =>
        Search.Run(budget, stage?.Invoke("pictures", Search.Work), cancellation);

    /// <summary>Looks for the smallest budget within which a plan loses little enough, and keeps all plans on the way that do.</summary>
    ImmutableArray<PlanCandidate> Within(double drop, Func<string, int, IProgress<int>>? stage, CancellationToken cancellation)
    {
        PlanMeasure measure = Costs.Profile is null ? PlanMeasure.Macs : PlanMeasure.Latency;
        double too = LeastBudget, enough = 1;
        List<PlanCandidate> good = [];
        for (int i = 0; i < Budgets; i++)
        {
            double part = (too + enough) / 2;
            PlanCandidate[] found = [.. Find(new(measure, part * Costs.Dense.Of(measure)), stage, cancellation).Where(one => one.Quality.Drop <= drop)];
            good.AddRange(found);
            (too, enough) = found.Length > 0 ? (too, part) : (part, enough);
        }

        return [.. good.OrderBy(one => one.Cost.Of(measure)).Take(2 * options.Finalists)];
    }

    /// <summary>The same families, within a budget that is smaller by as much as they were slower than they should be.</summary>
    ImmutableArray<PlanCandidate> Corrected(PlanGoal goal, IEnumerable<MeasuredPlan> slow, CancellationToken cancellation)
    {
        var again = ImmutableArray.CreateBuilder<PlanCandidate>();
        foreach (MeasuredPlan plan in slow)
        {
            double found = goal.Kind == PlanGoalKind.LatencyPart ? plan.LatencyPart : plan.Times.Plan.P50;
            if (found <= goal.Value)
                continue;
            var budget = new PlanBudget(PlanMeasure.Latency, plan.Candidate.Cost.Of(PlanMeasure.Latency) * goal.Value / found);
            if (plan.Candidate.Family.Meet(budget, one => Costs.Of(one, cancellation)) is { } member)
                again.Add(plan.Candidate with
                {
                    Plan = member.Plan,
                    Cost = member.Cost,
                    Quality = search.Judge(member.Plan, 0, search.Pictures.Count, cancellation),
                });
        }

        return again.ToImmutable();
    }

    /// <summary>All in one series with the dense network, so that they can be compared with each other too.</summary>
    void Measure(ImmutableArray<PlanCandidate> candidates, Func<string, int, IProgress<int>>? stage, CancellationToken cancellation)
    {
        if (candidates.IsEmpty)
            return;
        PlanQuality[] qualities = [.. candidates.Select(candidate => heldOut.Judge(candidate.Plan, 0, heldOut.Pictures.Count, cancellation))];
        Rounds? progress = stage is null ? null : new(stage("timed rounds", options.Rounds));
        ImmutableArray<PlanTiming> times = Whole(timer.Measure([.. candidates.Select(candidate => candidate.Plan)], progress, cancellation), cancellation);
        measured.AddRange(candidates.Select((candidate, i) => new MeasuredPlan(candidate, qualities[i], times[i])));
    }

    /// <summary>A series that was stopped is too short to choose by.</summary>
    static ImmutableArray<PlanTiming> Whole(ImmutableArray<PlanTiming> times, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return times;
    }

    sealed class Rounds(IProgress<int> progress) : IProgress<TimingProgress>
    {
        public void Report(TimingProgress value) => progress.Report(value.Done);
    }
}
