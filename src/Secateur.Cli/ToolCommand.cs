using System.CommandLine;

namespace Secateur.Cli;

/// <summary>A command of the tool: what it is for, how it is called, what it does.</summary>
internal abstract class ToolCommand : Command
{
    /// <summary>A command with examples for its help.</summary>
    /// <param name="name">As it is typed.</param>
    /// <param name="description">One or two sentences.</param>
    /// <param name="examples">Whole command lines.</param>
    protected ToolCommand(string name, string description, params string[] examples)
        : base(name, description) => Examples = examples;

    /// <summary>Whole command lines, for the help and for the tests that parse them.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>What is typed to reach it: ["plan", "budget"].</summary>
    public IReadOnlyList<string> Words => [.. Parents.OfType<ToolCommand>().SelectMany(parent => parent.Words), Name];

    /// <summary>Does it.</summary>
    /// <param name="arguments">What was typed.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public abstract int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation);
}
