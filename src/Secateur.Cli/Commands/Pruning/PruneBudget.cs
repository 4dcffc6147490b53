using Secateur.Compression.Structured;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>What a pruned network may cost, as it was typed.</summary>
/// <param name="Text">What was typed: "0.6x", "1.2G".</param>
/// <param name="Option">Where: "--macs".</param>
/// <param name="Part">As a part of what it costs now; null for a number.</param>
/// <param name="Number">As a number.</param>
internal sealed record PruneBudget(string Text, string Option, double? Part, double Number)
{
    /// <summary>What is counted.</summary>
    public StructureCosts Costs(Calibration calibration, StructureCosts macs) => macs;

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
    public string Words(StructureCosts costs) => $"{Of(costs) / costs.Whole:0.###}x of the multiply-adds";

    static string Amount(double macs) => $"{macs / 1e9:0.###} G multiply-adds";
}
