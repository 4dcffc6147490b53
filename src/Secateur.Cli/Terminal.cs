using Spectre.Console;

namespace Secateur.Cli;

/// <summary>Where the tool writes: results to one place, progress and errors to another.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Progress and errors.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error)
{
    /// <summary>Whether a person looks at the results, rather than a file or another program.</summary>
    public bool OutIsPerson { get; init; }

    /// <summary>Whether a person looks at the progress.</summary>
    public bool ErrorIsPerson { get; init; }

    /// <summary>Whether results may carry 24-bit colours.</summary>
    public bool Colours { get; init; }

    /// <summary>Columns.</summary>
    public int Width { get; init; } = 80;

    /// <summary>The one this process runs in; honours <c>NO_COLOR</c> and <c>TERM=dumb</c>.</summary>
    public static Terminal OfProcess()
    {
        bool outIsPerson = !Console.IsOutputRedirected;
        string? kind = Environment.GetEnvironmentVariable("TERM");
        bool plain = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || kind is null or "dumb";
        return new(Console.Out, Console.Error)
        {
            OutIsPerson = outIsPerson,
            ErrorIsPerson = !Console.IsErrorRedirected,
            Colours = outIsPerson && (!plain || (OperatingSystem.IsWindows() && kind is null)),
            Width = outIsPerson && Console.WindowWidth is > 0 and var width ? width : 80,
        };
    }

    /// <summary>The results as a console that draws tables.</summary>
    public IAnsiConsole Tables()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = Colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = Colours ? ColorSystemSupport.TrueColor : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(Out),
        });
        console.Profile.Width = Math.Max(Width, 80);
        return console;
    }

    /// <summary>Says one line to whoever looks at the errors. Names of files and what stands in them may be part of it and steer no terminal.</summary>
    public void Say(string line) => Error.WriteLine($"secateur: {string.Concat(line.Select(c => char.IsControl(c) ? ' ' : c))}");
}
