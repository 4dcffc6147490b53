using System.CommandLine;

namespace Secateur.Cli.Commands.Planning;

/// <summary>Chooses which tokens to compute, on this device, for this network.</summary>
internal sealed class PlanCommand : ToolCommand
{
    /// <summary>The command.</summary>
    public PlanCommand()
        : this(new PlanBudgetCommand(), new PlanTailEffectCommand())
    {
    }

    PlanCommand(params ToolCommand[] ways)
        : base(
            "plan",
            "Chooses a plan for this network on this device: method, places and counts for a budget, or one cut by the tail effect.",
            [.. ways.SelectMany(way => way.Examples)])
    {
        foreach (ToolCommand way in ways)
            Add(way);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation) =>
        throw new UsageException($"say how to plan: {string.Join(" or ", Subcommands.Select(way => $"secateur plan {way.Name}"))}.");
}
