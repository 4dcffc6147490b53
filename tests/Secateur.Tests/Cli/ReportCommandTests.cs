using System.Text.Json;
using Secateur.Cli;
using Secateur.Evaluation.Sweeps;
using Secateur.Tests.Reports;

namespace Secateur.Tests.Cli;

public sealed class ReportCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_ending_says_in_which_form_and_the_default_is_a_page_beside_the_results()
    {
        SomeResults.Write(folder.Path);
        Captured usual = Captured.Run("report", folder.Path);
        Assert.Equal("", usual.ExitCode == ExitCode.Done ? "" : usual.Error);
        Assert.Contains("of the multiply-adds, ", usual.Out);
        Assert.Contains("data:image/png", File.ReadAllText(folder["report.html"]));
        Assert.Equal(ExitCode.Done, Captured.Run("report", folder.Path, "-o", folder["a.csv"], "-o", folder["a.md"], "--output", folder["a.json"]).ExitCode);
        Assert.StartsWith("model,plan,", File.ReadAllText(folder["a.csv"]));
        Assert.StartsWith("# ", File.ReadAllText(folder["a.md"]));
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(folder["a.json"]));
        Captured json = Captured.Run("report", folder.Path, "--json", "--pictures", "0");
        using JsonDocument printed = JsonDocument.Parse(Assert.Single(json.Out.TrimEnd().Split('\n')));
        Assert.True(JsonElement.DeepEquals(file.RootElement, printed.RootElement));
        Assert.DoesNotContain("data:image/png", File.ReadAllText(folder["report.html"]));
    }

    [Fact]
    public void Where_network_or_pictures_are_not_at_hand_the_report_says_so_and_is_written_all_the_same()
    {
        SomeResults.Write(folder.Path);
        foreach (string[] elsewhere in (string[][])[["--model", folder["nowhere"]], ["--data", "scenes:13"]])
        {
            Captured run = Captured.Run(["report", folder.Path, .. elsewhere]);
            Assert.Equal(ExitCode.Done, run.ExitCode);
            Assert.Contains("the report goes without pictures", run.Error);
            Assert.Contains("Pictures are not shown", File.ReadAllText(folder["report.html"]));
        }
    }

    [Fact]
    public void What_was_said_of_the_pictures_is_kept_and_said_again()
    {
        string results = folder["results"];
        Assert.Equal(ExitCode.Done, Captured.Run("eval", "scenes-vit", "-d", "scenes:8", "--labels", "none", "--crop-pct", "0.9", "--plan", "tome-r8", "-o", results).ExitCode);
        Assert.Equal("--labels none --crop-pct 0.9", string.Join(" ", ResultsManifestFile.Load(new(results)).DataOptions));
        Captured report = Captured.Run("report", results, "-o", folder["report.md"], "-o", folder["report.html"]);
        Assert.DoesNotContain("without pictures", report.Error);
        Assert.Contains("secateur eval scenes-vit --data scenes:8 --labels none --crop-pct 0.9 --batch 8", File.ReadAllText(folder["report.md"]) + File.ReadAllText(folder["report.html"]));
    }

    [Fact]
    public void A_folder_without_results_is_bad_input_and_an_unknown_ending_wrong_usage()
    {
        Captured nothing = Captured.Run("report", folder.Path);
        Assert.Equal(ExitCode.BadInput, nothing.ExitCode);
        Assert.Contains("secateur eval", nothing.Error);
        Captured ending = Captured.Run("report", folder.Path, "-o", "report.pdf");
        Assert.Equal(ExitCode.WrongUsage, ending.ExitCode);
        Assert.Contains(".html", ending.Error);
    }
}
