using System.Diagnostics;
using Secateur.Cli;

namespace Secateur.Tests.Cli;

/// <summary>One run of the tool.</summary>
internal sealed record Captured(int ExitCode, string Out, string Error)
{
    /// <summary>Runs it inside this process, as when its output goes to files.</summary>
    public static Captured Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = Tool.Run(args, new Terminal(output, error));
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs it as a process of its own.</summary>
    /// <param name="environment">What it finds there; null takes a variable away.</param>
    /// <param name="args">Without the program's name.</param>
    public static Captured RunProcess(Dictionary<string, string?> environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "secateur.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.GetAwaiter().GetResult());
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
