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
        int kills = 0;

        // It is killed when its folder has grown by so much more, a moment after: in the middle of a chunk, a line, a file.
        while (KilledAfter(random.Next(500, 6000), random.Next(0, 20)))
            kills++;
        Assert.InRange(kills, 2, 1000);
        ToolSweep.Done(ToolSweep.Run(ToolSweep.Words(folder["alone"], Pictures)));
        Assert.Equal(SmallSweep.Files(folder["alone"]), SmallSweep.Files(folder["killed"]));
        Captured again = ToolSweep.Run(ToolSweep.Words(folder["killed"], Pictures));
        Assert.Contains("3 of 3 cells are done already", again.Error);
    }

    [Fact]
    public void Two_processes_on_one_cell_are_one_clear_error()
    {
        using Process first = Start();
        string journal = folder["killed/cells/dense.journal"];
        while (!File.Exists(journal) && !first.WaitForExit(1))
        {
        }

        Captured second = ToolSweep.Run(ToolSweep.Words(folder["killed"], Pictures * 32));
        first.Kill();
        first.WaitForExit();
        Assert.Equal(Secateur.Cli.ExitCode.BadInput, second.ExitCode);
        Assert.Contains("another process measures this cell", second.Error);
    }

    bool KilledAfter(long growth, int milliseconds)
    {
        long before = Size();
        using Process process = Start(Pictures);
        while (!process.WaitForExit(1))
        {
            if (Size() < before + growth)
                continue;
            if (process.WaitForExit(milliseconds))
                break;
            process.Kill(); // SIGKILL
            process.WaitForExit();
            return process.ExitCode != 0;
        }

        Assert.Equal(0, process.ExitCode);
        return false;
    }

    Process Start(int pictures = Pictures * 32)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "secateur.dll"), .. ToolSweep.Words(folder["killed"], pictures)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in ToolSweep.Environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    long Size() => !Directory.Exists(folder["killed"]) ? 0 : new DirectoryInfo(folder["killed"]).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);

    public void Dispose() => folder.Dispose();
}
