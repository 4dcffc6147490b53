using Secateur.Compression.Structured;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>What a pruned network may cost, as it was typed.</summary>
/// <param name="Text">What was typed: "0.6x", "1.2G", "8ms".</param>
/// <param name="Option">Where: "--macs", "--latency".</param>
/// <param name="Part">As a part of what it costs now; null for a number.</param>
/// <param name="Number">As a number.</param>
/// <param name="Time">Whether it is milliseconds, not multiply-adds.</param>
/// <param name="Profile">For milliseconds: a file that says what heads and neurons take; null to measure it.</param>
internal sealed record PruneBudget(string Text, string Option, double? Part, double Number, bool Time = false, string? Profile = null)
{
    /// <summary>What is counted.</summary>
    /// <exception cref="BadInputException">The profile is of something else.</exception>
    public StructureCosts Costs(Calibration calibration, StructureCosts macs, Terminal terminal, CancellationToken cancellation) =>
        Time ? MeasuredCosts.Of(calibration, Profile, terminal, cancellation) : macs;

    /// <summary>What may be spent.</summary>
    /// <exception cref="UsageException">It cannot be reached, or is no less than now.</exception>
    public double Of(StructureCosts costs)
    {
        double budget = Part * costs.Whole ?? Number;
        if (budget >= costs.Whole)
            throw new UsageException($"{Option} {Text}: the network costs {Amount(costs.Whole)} now, so that there is nothing to remove; name less.");
        return budget >= costs.Least ? budget : throw new UsageException($"{Option} {Text}: what is outside of heads and neurons alone costs {costs.Least / costs.Whole:0.00}x ({Amount(costs.Least)}); name more.");
    }

    /// <summary>For people.</summary>
    public string Words(StructureCosts costs) => $"{Of(costs) / costs.Whole:0.###}x of the {(Time ? "time, as predicted" : "multiply-adds")}";

    string Amount(double cost) => Time ? $"{cost:0.###} ms" : $"{cost / 1e9:0.###} G multiply-adds";
}
