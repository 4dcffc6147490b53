using Secateur.Cli;

namespace Secateur.Tests.Cli;

/// <summary>One run of the tool inside this process.</summary>
internal sealed record Captured(int ExitCode, string Out, string Error)
{
    /// <summary>Runs it as when its output goes to files.</summary>
    public static Captured Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = Tool.Run(args, new Terminal(output, error));
        return new(code, output.ToString(), error.ToString());
    }
}

/// <summary>A documented command line as the shell would hand it over (no quotes, no substitutions).</summary>
internal static class CommandLineWords
{
    /// <summary>The arguments after the program's name.</summary>
    public static string[] Of(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(words[0], (string[])["secateur", "./secateur"]);
        return words[1..];
    }
}
