using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Secateur.Cli.CommandLine;
using Secateur.Cli.Commands;
using Secateur.Cli.Commands.Doctoring;
using Secateur.Cli.Commands.Evaluating;
using Secateur.Cli.Commands.Exporting;
using Secateur.Cli.Commands.Planning;
using Secateur.Cli.Commands.Pruning;
using Secateur.Cli.Commands.Sweeps;
using Secateur.Cli.Commands.Timing;
using Secateur.Cli.Commands.Transferring;
using Secateur.Compression;
using Secateur.Evaluation.Profiling;
using Secateur.Evaluation.Sweeps;
using Secateur.Models.Checkpoints;
using Secateur.Models.Hub;
using Secateur.Models.Images;
using Secateur.Onnx.Export;
using Secateur.Onnx.Runtime;

namespace Secateur.Cli;

/// <summary>The command line as a whole: finds the command, runs it, and turns what goes wrong into one line and an exit code.</summary>
internal static class Tool
{
    /// <summary>All commands, in the order of the help: look, time, compare, choose, fetch, the tool itself.</summary>
    public static IReadOnlyList<ToolCommand> Commands =>
    [
        new DemoCommand(), new ShowCommand(), new ClassifyCommand(), new EvalCommand(),
        new BenchCommand(), new ProfileCommand(),
        new SweepCommand(), new MergeCommand(), new ReportCommand(),
        new MethodsCommand(), new PlansCommand(), new PlanCommand(), new PruneCommand(), new TransferCommand(), new ExportCommand(),
        new PullCommand(), new RunCommand(),
        new DoctorCommand(), new CompletionCommand(),
    ];

    /// <summary>Runs one command line.</summary>
    /// <param name="args">Without the program's name.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation = default)
    {
        try
        {
            ParseResult parsed = Parse(args);
            if (parsed.Errors.Count > 0 || Misspelt(parsed) is not null)
                return Refuse(parsed, args, terminal);
            return parsed.CommandResult.Command is ToolCommand command && parsed.Action is null
                ? command.Run(parsed, terminal, cancellation)
                : parsed.Invoke(new() { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            terminal.Say("cancelled");
            return ExitCode.Cancelled;
        }
#pragma warning disable CA1031 // the last place that can say it in one line
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Report(e, terminal);
        }
    }

    /// <summary>Parses a command line, and the file that stands for a part of it (<see cref="CommandFile"/>).</summary>
    /// <param name="args">Without the program's name.</param>
    /// <returns>What is asked for; its errors are not looked at yet.</returns>
    public static ParseResult Parse(IReadOnlyList<string> args)
    {
        ParseResult typed = Root().Parse(args);
        return CommandFile.Named(typed) is { } file && typed.CommandResult.Command is ToolCommand && typed.Action is not HelpWithExamples
            ? Root().Parse(CommandFile.Expand(typed, args, file))
            : typed;
    }

    /// <summary>The parser with every command.</summary>
    public static RootCommand Root()
    {
        var root = new RootCommand("Pre-trained transformers made smaller and faster without training them again.");
        foreach (ToolCommand command in Commands)
            root.Add(command);
        root.Add(CommandFile.Option());
        Suggestions.Teach(root);
        foreach (SuggestDirective suggest in root.Directives.OfType<SuggestDirective>())
            suggest.Action = new Suggestions(suggest);
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    static int Refuse(ParseResult parsed, IReadOnlyList<string> args, Terminal terminal)
    {
        string command = parsed.CommandResult.Command is ToolCommand one ? $"secateur {string.Join(' ', one.Words)}" : "secateur";
        if (args.Count == 0)
            terminal.Error.WriteLine($"secateur: error: say what to do: {string.Join(", ", Commands.Select(c => c.Name))}; see secateur --help");
        else
            terminal.Say($"error: {(Misspelt(parsed) is { } word ? $"There is no option '{word}'; a value that begins with a dash comes behind --." : string.Join(' ', parsed.Errors.Select(error => error.Message).Distinct()))}{(CommandFile.Named(parsed) is { } file ? $" (Part of the command line is {file}.)" : "")} See {command} --help");
        return ExitCode.WrongUsage;
    }

    /// <summary>A word that was taken for a value of the command's arguments, and was meant as an option that there is not.</summary>
    static string? Misspelt(ParseResult parsed)
    {
        HashSet<string> words = [.. parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value)];
        return parsed.CommandResult.Command.Arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? []).Select(token => token.Value)
            .FirstOrDefault(word => word.Length > 1 && word[0] == '-' && words.Contains(word));
    }

    static int Report(Exception e, Terminal terminal)
    {
        // What these two wrap is what happened.
        while (e is TypeInitializationException or AggregateException { InnerExceptions.Count: 1 } && e.InnerException is { } cause)
            e = cause;
        int code = e switch
        {
            UsageException or PlatformNotSupportedException => ExitCode.WrongUsage,
            BadInputException or CheckpointException or ImageException or PlanException or LatencyProfileException or TooManyBadPicturesException or HubException or OnnxExportException or OnnxRuntimeException or IOException or UnauthorizedAccessException or InvalidDataException => ExitCode.BadInput,
            _ => ExitCode.Fault,
        };
        bool debug = Environment.GetEnvironmentVariable("SECATEUR_DEBUG") == "1";
        string message = e.Message;
        if (code == ExitCode.Fault)
            message = $"a fault of secateur itself, please report it: {e.GetType().Name}: {message} (SECATEUR_DEBUG=1 shows where)";
        terminal.Say($"error: {message.ReplaceLineEndings(" ")}");
        if (debug)
            terminal.Error.WriteLine(e);
        return code;
    }
}
