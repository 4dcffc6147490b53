using System.Text.Json;
using Secateur.Cli;
using Secateur.Models.Images;

namespace Secateur.Tests.Cli;

public sealed class ShowCommandTests : IDisposable
{
    const int Panel = 224, Gap = 8, Patches = 196;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_scene_is_drawn_a_character_a_patch_and_as_a_strip_of_panels()
    {
        Captured run = Run("scenes:2", "--plan", "zero-tprune", "-o", folder["two.png"]);
        foreach (string word in (string[])["scene-900000000 (disc)", "dense: disc", "196 patches, [1] 186 after block 1", "[5] 65 after block 11"])
            Assert.Contains(word, run.Out);
        Assert.DoesNotContain("\e[", run.Out);
        // Two scenes, the picture and five stages of 14 rows each, four panels in a line of 80 characters.
        Assert.Equal(2 * 2 * 14, run.Out.Split('\n').Count(line => line.Length > 0 && line.All(c => c is '#' or '.' or ' ')));

        RgbImage picture = ImageFile.Load(folder["two.png"]);
        Assert.Equal(((6 * Panel) + (5 * Gap), (2 * Panel) + (2 * Gap)), (picture.Width, picture.Height));
    }

    [Theory]
    [InlineData("7", 7, 2)]
    [InlineData("4", 4, 4)]
    [InlineData("20", 13, 1)]
    public void Many_stages_wrap_in_the_picture_file(string columns, int across, int down)
    {
        Run("scene:1", "--plan", "tome-r8", "--columns", columns, "-o", folder["tome.png"]);
        RgbImage picture = ImageFile.Load(folder["tome.png"]);
        Assert.Equal(((across * (Panel + Gap)) - Gap, (down * (Panel + Gap)) - Gap), (picture.Width, picture.Height));
    }

    [Theory]
    [InlineData("zero-tprune")]
    [InlineData("tome-r16")]
    [InlineData("evit-70")]
    public void Json_names_every_patch_that_is_left_once_and_as_many_tokens_as_there_are(string plan)
    {
        Captured run = Run("scenes:2", "--plan", plan, "--json");
        string[] lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        foreach (string line in lines)
        {
            using JsonDocument json = JsonDocument.Parse(line);
            Assert.Equal("disc", JsonDocument.Parse(lines[0]).RootElement.GetProperty("dense")[0].GetProperty("label").GetString());
            Assert.NotEmpty(json.RootElement.GetProperty("stages").EnumerateArray());
            int before = Patches;
            foreach (JsonElement stage in json.RootElement.GetProperty("stages").EnumerateArray())
            {
                int[] kept = [.. stage.GetProperty("kept").EnumerateArray().Select(patch => patch.GetInt32())];
                int[][] groups = [.. stage.GetProperty("groups").EnumerateArray().Select(group => group.EnumerateArray().Select(patch => patch.GetInt32()).ToArray())];
                int[] left = [.. kept, .. groups.SelectMany(group => group)];
                Assert.Equal(left.Length, left.Distinct().Count());
                Assert.All(left, patch => Assert.InRange(patch, 0, Patches - 1));
                Assert.All(groups, group => Assert.InRange(group.Length, 2, Patches));
                // Patches of one token, and the class token.
                Assert.Equal(stage.GetProperty("tokens").GetInt32(), kept.Length + groups.Length + 1);
                Assert.InRange(left.Length, 1, before);
                before = left.Length;
            }
        }

        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public void A_folder_receives_a_file_a_picture_and_pictures_that_cannot_be_read_are_skipped()
    {
        Directory.CreateDirectory(folder["in/deeper"]);
        PngWriter.Save(new(40, 30), folder["in/a.png"]);
        PngWriter.Save(new(40, 30), folder["in/deeper/a.png"]);
        File.WriteAllText(folder["in/broken.png"], "not a picture");
        Captured run = Captured.Run("show", folder["in"], "-o", folder["out/"]);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("broken.png", run.Error);
        Assert.Equal(["a-2.survivors.png", "a.survivors.png"], Directory.EnumerateFiles(folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("scenes:0")]
    [InlineData("scenes:x")]
    [InlineData("scene:-1")]
    [InlineData("scenes:1", "-o", "survivors.gif")]
    [InlineData("scenes:9000", "-o", "all.png")]
    [InlineData("scenes:1", "--columns", "0")]
    public void What_cannot_be_meant_is_wrong_usage_in_one_line(params string[] args)
    {
        Captured run = Captured.Run(["show", .. args]);
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Empty(run.Out);
        Assert.Equal(1, run.Error.Count(c => c == '\n'));
    }

    [Fact]
    public void The_picture_itself_is_never_replaced()
    {
        PngWriter.Save(new(40, 30), folder["a.png"]);
        byte[] before = File.ReadAllBytes(folder["a.png"]);
        Assert.Equal(ExitCode.WrongUsage, Captured.Run("show", folder["a.png"], "-o", folder["a.png"]).ExitCode);
        Assert.Equal(before, File.ReadAllBytes(folder["a.png"]));
    }

    [Fact]
    public void A_person_with_a_colour_terminal_sees_all_stages_there()
    {
        using StringWriter output = new(), error = new();
        Tool.Run(["show", "--plan", "tome-r8", "-o", folder["tome.png"]], new(output, error) { OutIsPerson = true, Colours = true, Width = 100 });
        string[] drawn = [.. output.ToString().Split('\n').Where(line => line.Contains('▀'))];
        // Thirteen panels, five in a line: three lines of panels, the last of three.
        Assert.All(drawn, line => Assert.InRange(line.Count(c => c == '▀'), 60, 100));
        string lines = string.Concat(output.ToString().Split('\n').Select(line => line.Contains('▀') ? 'x' : ' '));
        Assert.Equal(3, lines.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    Captured Run(params string[] args)
    {
        Captured run = Captured.Run(["show", .. args]);
        Assert.Equal("", run.ExitCode == ExitCode.Done ? "" : run.Error);
        return run;
    }
}
