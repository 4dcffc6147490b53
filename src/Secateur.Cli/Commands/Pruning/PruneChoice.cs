using System.Collections.Immutable;
using Secateur.Cli.Commands.Planning;
using Secateur.Compression.Structured;
using Secateur.Evaluation.Structured;
using Secateur.Models;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>What is to stay, by search or by a file, and the network that is left.</summary>
/// <param name="Network">The smaller network.</param>
/// <param name="Plan">What stays, and where that comes from.</param>
/// <param name="How">Who said so, for people.</param>
/// <param name="Goal">What was to be reached, for people.</param>
/// <param name="Calibration">What was looked at, for people.</param>
/// <param name="Seconds">Of each step.</param>
internal sealed record PruneChoice(
    Transformer Network, StructurePlan Plan, string How, string Goal, string Calibration, ImmutableArray<(PruningStep Step, double Seconds)> Seconds)
{
    const int LongestText = 200;

    /// <summary>As a file says.</summary>
    /// <param name="network">The network.</param>
    /// <param name="file">A structure plan.</param>
    public static PruneChoice ByPlan(Transformer network, string file)
    {
        StructurePlan plan = StructurePlanFile.Load(file, network);
        return plan.Origin is { } origin
            ? new(Surgeon.Apply(network, plan), plan, $"{origin.Scorer}, {origin.Allocator}, {origin.Corrector}", $"{origin.Budget:0.###}x", $"{origin.Calibration}, as {file} says", [])
            : new(Surgeon.Apply(network, plan), plan, "by hand", $"what {file} says", "nothing", []);
    }

    /// <summary>By scores within a budget.</summary>
    /// <param name="network">The network.</param>
    /// <param name="examples">What to look at.</param>
    /// <param name="samples">How many of them.</param>
    /// <param name="goal">What it may cost.</param>
    /// <param name="methods">Who scores, allocates and corrects.</param>
    /// <param name="terminal">Shown the progress.</param>
    /// <param name="cancellation">Stops it.</param>
    public static PruneChoice BySearch(
        Transformer network, IExamples examples, int samples, PruneBudget goal, ChosenMethods methods, Terminal terminal, CancellationToken cancellation)
    {
        Calibration calibration = CalibrationData.Of(network, examples, samples);
        StructureCosts macs = CalibrationData.Macs(calibration), costs = goal.Costs(calibration, macs, terminal, cancellation);
        double budget = goal.Of(costs);
        using var progress = new PartProgress(terminal);
        PrunedNetwork pruned = StructuredPruning.Prune(
            calibration,
            new() { Scorer = methods.Score, Allocator = methods.Allocate, Corrector = methods.Correct, Costs = costs, Budget = budget },
            progress,
            cancellation);
        string looked = $"{calibration.Lengths.Length} of {examples.Name}";
        StructurePlanOrigin origin = Origin(network, methods, budget / costs.Whole, looked, macs.Of(pruned.Plan), macs.Whole);
        return new(pruned.Network, pruned.Plan with { Origin = origin }, $"{methods.Scorer}, {methods.Allocator}, {methods.Corrector}", goal.Words(costs), looked, pruned.Seconds);
    }

    /// <summary>Where a structure plan comes from.</summary>
    /// <param name="network">Before.</param>
    /// <param name="methods">Who said what stays.</param>
    /// <param name="part">The budget as a part of what the network costs.</param>
    /// <param name="looked">What was looked at, for people.</param>
    /// <param name="macs">Multiply-adds of what stays.</param>
    /// <param name="whole">Multiply-adds of the network.</param>
    internal static StructurePlanOrigin Origin(Transformer network, ChosenMethods methods, double part, string looked, double macs, double whole) =>
        new()
        {
            Architecture = Cut(network.Architecture),
            Weights = WeightsHash.Of(network),
            Tool = PlanOrigins.Tool,
            Scorer = methods.Scorer,
            Allocator = methods.Allocator,
            Corrector = methods.Corrector,
            Budget = Math.Min(1, part),
            Calibration = Cut(looked),
            Macs = new PlannedMacs((long)Math.Round(macs), (long)Math.Round(whole)),
        };

    // As a plan's texts may be: on one line, and no longer.
    static string Cut(string text) => string.Concat(text.Take(LongestText).Select(c => char.IsControl(c) ? ' ' : c));
}
