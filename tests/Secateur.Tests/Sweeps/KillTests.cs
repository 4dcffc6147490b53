using System.Diagnostics;
using Secateur.Tests.Cli;

namespace Secateur.Tests.Sweeps;

public sealed class KillTests : IDisposable
{
    const int Pictures = 64;

    readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_sweep_that_is_killed_again_and_again_ends_with_the_bytes_of_one_that_was_left_alone(int seed)
    {
        var random = new Random(seed);
        int kills;

        // It is killed when its folder has grown by so much more, a moment after: in the middle of a chunk, a line, a file. On a busy machine
        // it may be done before that is seen; then it begins anew.
        do
        {
            Forget();
            for (kills = 0; KilledAfter(random.Next(500, 6000), random.Next(0, 20)); kills++)
            {
            }
        }
        while (kills < 2);
        ToolSweep.Done(ToolSweep.Run(ToolSweep.Words(folder["alone"], Pictures)));
        Assert.Equal(SmallSweep.Files(folder["alone"]), SmallSweep.Files(folder["killed"]));
        Captured again = ToolSweep.Run(ToolSweep.Words(folder["killed"], Pictures));
        Assert.Contains("3 of 3 cells are done already", again.Error);
    }

    [Fact]
    public void Two_processes_on_one_cell_are_one_clear_error()
    {
        using Process first = Start(Pictures * 32);
        Assert.True(Begun(first), "it was done before it was seen to have begun");
        Send("-STOP", first); // it holds what it holds until the other is done
        Captured second = ToolSweep.Run(ToolSweep.Words(folder["killed"], Pictures * 32));
        first.Kill();
        first.WaitForExit();
        Assert.Equal(Secateur.Cli.ExitCode.BadInput, second.ExitCode);
        Assert.Contains("another process measures this cell", second.Error);
    }

    [Fact]
    public void Ctrl_C_finishes_the_chunks_says_how_to_go_on_and_the_same_command_ends_with_the_same_bytes()
    {
        int code;
        string error;
        do
            (code, error) = Interrupted();
        while (code == Secateur.Cli.ExitCode.Done); // it was faster
        Assert.True(code == Secateur.Cli.ExitCode.Cancelled, error);
        Assert.Contains("the same command goes on from there", error);
        Assert.All(Directory.EnumerateFiles(folder["killed/cells"], "*.journal"), journal => Assert.EndsWith("\n", File.ReadAllText(journal)));
        ToolSweep.Done(ToolSweep.Run(ToolSweep.Words(folder["killed"], Pictures)));
        ToolSweep.Done(ToolSweep.Run(ToolSweep.Words(folder["alone"], Pictures)));
        Assert.Equal(SmallSweep.Files(folder["alone"]), SmallSweep.Files(folder["killed"]));
    }

    (int ExitCode, string Error) Interrupted()
    {
        Forget();
        using Process process = Start(Pictures);
        Task<string> said = process.StandardError.ReadToEndAsync();
        if (Begun(process))
            Send("-INT", process);
        process.WaitForExit();
        return (process.ExitCode, said.GetAwaiter().GetResult());
    }

    // The first line of its journal is there, so that it is this process's.
    bool Begun(Process process)
    {
        var journal = new FileInfo(folder["killed/cells/dense.journal"]);
        while (!process.WaitForExit(1))
        {
            journal.Refresh();
            if (journal is { Exists: true, Length: > 0 })
                return true;
        }

        return false;
    }

    static void Send(string signal, Process process)
    {
        using Process kill = Process.Start("kill", [signal, $"{process.Id}"]);
        kill.WaitForExit();
    }

    void Forget()
    {
        if (Directory.Exists(folder["killed"]))
            Directory.Delete(folder["killed"], recursive: true);
    }

    bool KilledAfter(long growth, int milliseconds)
    {
        long before = Size();
        using Process process = Start(Pictures);
        Task<string> said = process.StandardError.ReadToEndAsync();
        while (!process.WaitForExit(1))
        {
            if (Size() < before + growth)
                continue;
            if (process.WaitForExit(milliseconds))
                break;
            process.Kill();
            process.WaitForExit();
            break;
        }

        bool killed = process.ExitCode == 128 + 9; // SIGKILL
        Assert.True(killed || process.ExitCode == Secateur.Cli.ExitCode.Done, said.GetAwaiter().GetResult());
        return killed;
    }

    // A shell that runs the tests in the background has them ignore Ctrl-C, and what they start; env has it heard again.
    Process Start(int pictures)
    {
        var start = new ProcessStartInfo("env", [.. OperatingSystem.IsLinux() ? (string[])["--default-signal=INT"] : [], "dotnet", Path.Combine(AppContext.BaseDirectory, "secateur.dll"), .. ToolSweep.Words(folder["killed"], pictures)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in ToolSweep.Environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    // Drafts come and go while they are counted.
    long Size() => !Directory.Exists(folder["killed"]) ? 0 : new DirectoryInfo(folder["killed"]).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);

    public void Dispose() => folder.Dispose();
}
