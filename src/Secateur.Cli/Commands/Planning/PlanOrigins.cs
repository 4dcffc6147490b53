using System.Reflection;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Planning;
using Secateur.Evaluation.Profiling;
using Secateur.Evaluation.Timing;
using Secateur.Models.Tokens;

namespace Secateur.Cli.Commands.Planning;

/// <summary>Says in a plan where it comes from.</summary>
internal static class PlanOrigins
{
    /// <summary>The program and its version.</summary>
    internal static string Tool { get; } =
        $"secateur {typeof(PlanOrigins).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}";

    /// <summary>A measured plan with its origin.</summary>
    internal static TokenPlan Of(MeasuredPlan plan, PlanCost dense, PlanningInput input, IPictureSet heldOut) =>
        Timed(Named(plan.Candidate, dense), Origin(input, plan.Candidate.Cost, dense, plan.HeldOut, heldOut.Name), plan.Times, input);

    /// <summary>A plan that was judged on all pictures and timed, with its origin.</summary>
    internal static TokenPlan Of(TokenPlan plan, PlanCost cost, PlanCost dense, PlanQuality quality, PlanTiming times, PlanningInput input) =>
        Timed(plan, Origin(input, cost, dense, quality, input.Pictures.Name), times, input);

    /// <summary>The dense plan as an answer.</summary>
    internal static TokenPlan Dense(PlanCost dense, PlanningInput input) => TokenPlan.Dense with { Origin = Origin(input, dense, dense, null, "") };

    /// <summary>A plan that was judged on the pictures of the search and not timed, with its origin.</summary>
    internal static TokenPlan Of(PlanCandidate plan, PlanCost dense, PlanningInput input, IPictureSet search) =>
        Named(plan, dense) with { Origin = Origin(input, plan.Cost, dense, plan.Quality, search.Name) };

    static TokenPlan Timed(TokenPlan plan, TokenPlanOrigin origin, PlanTiming times, PlanningInput input) => plan with
    {
        Origin = origin with { Latency = (origin.Latency ?? Latency(input, null)) with { Measured = times.Plan.P50, Dense = times.Dense.P50 } },
    };

    static TokenPlanOrigin Origin(PlanningInput input, PlanCost cost, PlanCost dense, PlanQuality? quality, string data) => new()
    {
        Architecture = Cut(input.Network.Config.Architecture),
        Weights = input.Weights,
        Tool = Tool,
        Seed = input.Seed,
        Macs = new((long)Math.Round(cost.Macs), (long)dense.Macs),
        Latency = cost.Milliseconds is { } predicted ? Latency(input, predicted) : null,
        Quality = quality is { Images: > 0 } found
            ? new(Cut(data), found.Images, found.Agreement.Part) { Accuracy = found.Accuracy?.Part, DenseAccuracy = found.DenseAccuracy?.Part }
            : null,
    };

    static TokenPlan Named(PlanCandidate plan, PlanCost dense) => plan.Plan with { Name = $"{plan.Methods} at {plan.Cost.Macs / dense.Macs:0%} of the multiply-adds" };

    static PlannedLatency Latency(PlanningInput input, double? predicted)
    {
        DeviceFingerprint device = DeviceFingerprint.OfThisMachine();
        return new(input.Batch, input.Threads, Cut(input.Runtime is { } runtime ? $"{device.Processor}, {runtime}" : device.Processor), device.Hash) { Predicted = predicted };
    }

    // As long as a plan's texts may be.
    static string Cut(string text) => text.Length <= 200 ? text : text[..200];
}
