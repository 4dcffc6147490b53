using System.CommandLine;
using Secateur.Cli.CommandLine;

namespace Secateur.Cli.Commands;

/// <summary>Prints what a shell needs to complete the tool's command lines.</summary>
internal sealed class CompletionCommand : ToolCommand
{
    readonly Argument<string> shell = new("SHELL") { Description = "bash, zsh, fish or pwsh." };

    /// <summary>The command.</summary>
    public CompletionCommand()
        : base(
            "completion",
            "Prints a script with which a shell completes commands, options, and names of plans, methods and networks; its first line says how to load it.",
            "secateur completion bash")
    {
        shell.AcceptOnlyFromAmong([.. CompletionScripts.All.Keys]);
        Add(shell);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        // Shells take "\n", also where lines end otherwise.
        terminal.Out.Write(CompletionScripts.All[arguments.GetRequiredValue(shell)].ReplaceLineEndings("\n") + "\n");
        return ExitCode.Done;
    }
}
