using System.CommandLine;
using System.Diagnostics;
using Secateur.Cli;
using Secateur.Evaluation.Reports;
using Secateur.Tests.Cli;

namespace Secateur.Tests.Reports;

/// <summary>What a report says under "To make it again" is what the tool takes.</summary>
public sealed class ReportCommandsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("scenes-vit", "scenes:12", "")]
    [InlineData("./a network's", "/photographs of $HOME; rm *", "")]
    [InlineData("timm/deit_tiny_patch16_224.fb_in1k", "photographs", "--labels a,list.csv --resize 256")]
    public void The_tool_takes_every_line_as_a_shell_hands_it_over(string model, string data, string options)
    {
        Report report = Named(SomeResults.Read(folder.Path), model, data, options);
        Report given = report with { Rows = [.. report.Rows.Select(row => row with { Cell = row.Cell with { Budget = null } })] };
        Report some = report with { Rows = [.. report.Rows.Select((row, i) => i % 2 == 0 ? row : given.Rows[i])] };
        Report dense = report with { Rows = report.Rows[..1] };
        string[] lines = [.. new[] { report, given, some, dense }.SelectMany(one => ReportCommands.Of(one))];
        Assert.Equal(["sweep", "report", "eval", "report", "sweep", "eval", "report", "eval", "report"], lines.Select(line => Words(line)[0]));
        foreach (string line in lines)
        {
            string[] words = Words(line);
            ParseResult parsed = Tool.Root().Parse(words);
            Assert.True(parsed.Errors.Count == 0, $"{line}: {string.Join(' ', parsed.Errors.Select(error => error.Message))}");
            if (words[0] != "report")
                Assert.Equal([model, data], [words[1], words[Array.IndexOf(words, "--data") + 1]]);
            Assert.Equal(options.Length > 0 && words[0] != "report", line.Contains(" --labels a,list.csv --resize 256 --batch ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_sweep_names_its_methods_budgets_and_seeds_once()
    {
        string line = ReportCommands.Of(SomeResults.Read(folder.Path))[0];
        Assert.Equal("secateur sweep scenes-vit --data scenes:12 --batch 4 --methods tome,zero-tprune,random-drop --budgets 0.8,0.5 --seeds 0 --latency -o AGAIN", line);
    }

    [Fact]
    public void What_is_measured_again_is_the_same()
    {
        Report report = SomeResults.Read(folder["first"], strengths: [1]);
        report = report with { Rows = [.. report.Rows.Select(row => row with { Cell = row.Cell with { Method = null, Budget = null, Seed = null } })] };
        string[] words = [.. Words(ReportCommands.Of(report)[0]).Select(word => word.Replace("RESULTS", folder["first"], StringComparison.Ordinal).Replace("AGAIN", folder["again"], StringComparison.Ordinal))];
        Captured run = Captured.Run(words);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Report again = ReportReader.Load(new(folder["again"]));
        Assert.Equal(report.Rows.Select(row => (row.Accuracy.Macs, row.Accuracy.Top1, row.Accuracy.Agreement)), again.Rows.Select(row => (row.Accuracy.Macs, row.Accuracy.Top1, row.Accuracy.Agreement)));
        Assert.Equal((report.Manifest.PicturesHash, report.Manifest.Preprocessing), (again.Manifest.PicturesHash, again.Manifest.Preprocessing));
    }

    static Report Named(Report report, string model, string data, string options) =>
        report with { Manifest = report.Manifest with { Model = model, Data = data, DataOptions = [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)] } };

    /// <summary>What a shell makes of a line, without the program's name.</summary>
    static string[] Words(string line)
    {
        var start = new ProcessStartInfo("sh", ["-c", "secateur() { printf '%s\\n' \"$@\"; }; " + line]) { RedirectStandardOutput = true };
        using Process shell = Process.Start(start)!;
        string output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return output.TrimEnd('\n').Split('\n');
    }
}
