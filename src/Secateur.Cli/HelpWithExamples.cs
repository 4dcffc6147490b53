using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Secateur.Cli;

/// <summary>The usual help, then examples and exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        IEnumerable<ToolCommand> shown = parseResult.CommandResult.Command is ToolCommand one ? [one] : parseResult.CommandResult.Command.Subcommands.OfType<ToolCommand>();
        output.WriteLine("Examples:");
        foreach (string example in shown.SelectMany(command => command.Examples))
            output.WriteLine($"  {example}");
        output.WriteLine();
        output.WriteLine("Exit codes:");
        output.WriteLine($"  {ExitCode.Explanation}");
        return ExitCode.Done;
    }
}
