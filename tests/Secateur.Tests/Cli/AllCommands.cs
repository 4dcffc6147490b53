using System.CommandLine;
using Secateur.Cli;

namespace Secateur.Tests.Cli;

/// <summary>The commands of the tool, those below other commands too.</summary>
internal static class AllCommands
{
    static readonly RootCommand Root = Tool.Root();

    /// <summary>Every command.</summary>
    public static IReadOnlyList<ToolCommand> Everything { get; } = [.. Below(Root)];

    /// <summary>Those that do something themselves.</summary>
    public static IReadOnlyList<ToolCommand> Leaves { get; } = [.. Everything.Where(command => command.Subcommands.Count == 0)];

    static IEnumerable<ToolCommand> Below(Command command) =>
        command.Subcommands.OfType<ToolCommand>().SelectMany(one => Below(one).Prepend(one));
}
