using System.Diagnostics;
using Secateur.Cli;
using Secateur.Cli.CommandLine;

namespace Secateur.Tests.Cli;

public sealed class CompletionTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("secateur sh", "show")]
    [InlineData("./secateur plan bu", "budget")]
    [InlineData("secateur show --col", "--columns")]
    [InlineData("secateur show --plan zero-tprune-u", "zero-tprune-uni")]
    [InlineData("secateur classify photo.jpg --model sce", "scenes-vit")]
    [InlineData("secateur methods k-", "k-medoids")]
    [InlineData("secateur plan budget scenes-vit --methods tome,k-", "tome,k-medoids")]
    [InlineData("secateur plans evit-50", "evit-50")]
    [InlineData("secateur classify --crop-mode s", "squash")]
    [InlineData("secateur completion f", "fish")]
    public void What_was_begun_is_finished(string line, string expected) => Assert.Equal([expected], Suggestions.Of(line, line.Length));

    [Theory]
    [InlineData("secateur classify ")]
    [InlineData("secateur classify --logits ")]
    [InlineData("secateur run --input x")]
    [InlineData("secateur")]
    [InlineData("")]
    public void Nothing_is_suggested_where_files_are_meant_or_nobody_knows(string line) => Assert.Empty(Suggestions.Of(line, line.Length));

    [Fact]
    public void Only_what_stands_before_the_cursor_counts() => Assert.Equal(["show"], Suggestions.Of("secateur sh --plan x", "secateur sh".Length));

    [Fact]
    public void Every_command_and_every_option_is_suggested()
    {
        Assert.Equal(Tool.Commands.Select(command => command.Name).Order(), Suggestions.Of("secateur ", 9).Order());
        Assert.All(AllCommands.Everything, command =>
        {
            string line = $"secateur {string.Join(' ', command.Words)} --";
            Assert.All(command.Options, option => Assert.Contains(option.Name, Suggestions.Of(line, line.Length)));
        });
    }

    [Fact]
    public void The_directive_answers_in_the_process_itself()
    {
        Captured run = Captured.RunProcess([], "[suggest:11]", "secateur cl");
        Assert.Equal((ExitCode.Done, "classify\n", ""), (run.ExitCode, run.Out.ReplaceLineEndings("\n"), run.Error));
    }

    [SkippableTheory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void A_shell_completes_with_the_script_it_is_given(string shell)
    {
        Skip.If(OperatingSystem.IsWindows() || !Installed(shell), $"{shell} is not installed");
        string tool = folder["secateur"];
        File.WriteAllText(tool, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "secateur.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(folder["script"], Captured.Run("completion", shell).Out);
        File.WriteAllText(folder["a-picture.png"], "");
        string[] lines = ["secateur sh", "secateur show --plan zero-tprune-u", "secateur show --col", "secateur show a-pic"];
        string[] found = Output(shell, string.Join('\n', [.. Prologue(shell), .. lines.Select(line => Ask(shell, line))])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["show", "zero-tprune-uni", "--columns", "a-picture.png"], found.Select(line => line.Trim().Split('\t')[0]));
    }

    static string[] Prologue(string shell) => shell switch
    {
        "bash" =>
        [
            "source ./script",
            // What an interactive bash does: fill in the variables, call the function that is registered, take files where it found nothing.
            "ask() { COMP_LINE=$1; COMP_POINT=${#1}; read -ra COMP_WORDS <<< \"$1\"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()",
            "local how; read -ra how <<< \"$(complete -p secateur)\"",
            "_secateur secateur \"${COMP_WORDS[COMP_CWORD]}\"; if (( ${#COMPREPLY[@]} )); then printf '%s\\n' \"${COMPREPLY[@]}\"; elif [[ ${how[*]} == *'-o default'* ]]; then compgen -f -- \"${COMP_WORDS[COMP_CWORD]}\"; fi; }",
        ],
        // zsh's own completion needs a terminal; these two are where its results go.
        "zsh" => ["compdef() { : }; compadd() { shift; local one; for one in \"$@\"; do [[ $one == $PREFIX* ]] && print -r -- $one; done }; _files() { print -r -- $PREFIX*(N) }", "source ./script"],
        _ => ["source ./script"],
    };

    static string Ask(string shell, string line) => shell switch
    {
        "bash" => $"ask '{line}'",
        "zsh" => $"words=({line}); CURRENT=${{#words}}; PREFIX=$words[-1]; _secateur",
        _ => $"complete -C '{line}'",
    };

    static bool Installed(string shell) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(place => File.Exists(Path.Combine(place, shell)));

    string Output(string shell, string script)
    {
        string[] quiet = shell switch { "bash" => ["--norc", "--noprofile"], "zsh" => ["-f"], _ => ["-N"] };
        var start = new ProcessStartInfo(shell, [.. quiet, "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path };
        start.Environment["PATH"] = folder.Path + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        start.Environment["HOME"] = folder.Path;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal("", error.GetAwaiter().GetResult());
        return output;
    }
}
