using Secateur.Cli;
using Secateur.Models.Images;

namespace Secateur.Tests.Cli;

public sealed class DemoCommandTests
{
    [Fact]
    public void The_demo_compares_two_plans_and_leaves_a_picture()
    {
        using var folder = new TemporaryFolder();
        Captured run = Captured.Run("demo", "--scenes", "8", "--rounds", "2", "--picture", folder["survivors.png"]);
        Assert.Equal("", run.ExitCode == ExitCode.Done ? "" : run.Error);
        foreach (string word in (string[])["dense", "zero-tprune", "time of a picture", "multiply-adds", "right answers", "same answer", "of 8 scenes", "median of 2 rounds", folder["survivors.png"]])
            Assert.Contains(word, run.Out);
        Assert.DoesNotContain("\e[", run.Out);

        // Four scenes, each as it is and after five stages, twice as large as the network sees them.
        RgbImage picture = ImageFile.Load(folder["survivors.png"]);
        Assert.InRange(picture.Width, 6 * 224, 6 * 240);
        Assert.InRange(picture.Height, 4 * 224, 4 * 240);
    }

    [Fact]
    public void Plans_print_as_files_that_the_tool_reads()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["plan.json"], Captured.Run("plans", "zero-tprune-b").Out);
        Captured run = Captured.Run("demo", "--scenes", "8", "--rounds", "1", "--plan", folder["plan.json"], "--picture", folder["survivors.png"]);
        Assert.Equal("", run.ExitCode == ExitCode.Done ? "" : run.Error);
        Assert.Contains("zero-tprune-b", run.Out);
    }

    [Fact]
    public void A_person_with_a_colour_terminal_sees_the_patches_there()
    {
        using var folder = new TemporaryFolder();
        using StringWriter output = new(), error = new();
        Tool.Run(
            ["demo", "--scenes", "8", "--rounds", "1", "--picture", folder["survivors.png"]],
            new(output, error) { OutIsPerson = true, Colours = true, Width = 100 });
        string[] drawn = [.. output.ToString().Split('\n').Where(line => line.Contains('▀'))];
        Assert.NotEmpty(drawn);
        Assert.All(drawn, line => Assert.InRange(line.Count(c => c == '▀'), 90, 100));
    }
}
