using Secateur.Cli;
using Secateur.Evaluation.Datasets;
using Secateur.Models.Vit;
using Secateur.Tests.Datasets;

namespace Secateur.Tests.Cli;

public sealed class DataOptionsTests : IDisposable
{
    static readonly VisionTransformer ScenesVit = VisionTransformer.Load(Network.Locate("scenes-vit"));

    readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("scenes", 256)]
    [InlineData("scenes:3", 3)]
    public void Scenes_are_labelled_where_the_network_knows_them(string named, int count)
    {
        PictureSet pictures = Open(named, null);
        Assert.Equal((count, true), (pictures.Count, pictures.Labelled));
        Assert.False(Open(named, "none").Labelled);
    }

    [Theory]
    [InlineData("scenes:0")]
    [InlineData("scenes:-1")]
    [InlineData("scenes:1000001")]
    [InlineData("scenes:few")]
    public void A_wrong_number_of_scenes_is_wrong_usage(string named) => Assert.Throws<UsageException>(() => Open(named, null));

    [Fact]
    public void What_is_not_there_is_said()
    {
        Assert.Contains("no such file", Assert.Throws<BadInputException>(() => Open(folder["gone"], null)).Message);
        Archives.Folder(folder["here"], "a.png");
        Assert.Contains("gone.csv", Assert.Throws<BadInputException>(() => Open(folder["here"], folder["gone.csv"])).Message);
    }

    [Theory]
    [InlineData("disc,cat", "'cat' is no class")]
    [InlineData("1,12", "count from 1")]
    [InlineData("3,77", "names class 77")]
    public void Labels_that_cannot_be_the_networks_are_an_error_before_the_first_batch(string folders, string says)
    {
        foreach (string one in folders.Split(','))
            Archives.Folder(folder[$"all/{one}"], "1.png");
        Captured run = Captured.Run("eval", "scenes-vit", "--data", folder["all"], "-o", folder["results"]);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(says, run.Error);
        Assert.Empty(run.Out);
        Assert.False(Directory.Exists(folder["results"]));
    }

    [Fact]
    public void The_trap_of_numbers_as_text_is_said_on_stderr()
    {
        for (int i = 0; i < 12; i++)
            Archives.Folder(folder[$"all/{i}"], "1.png");
        var error = new StringWriter();
        PictureSet pictures = DataOptions.Open(folder["all"], null, null, ScenesVit, ScenesVit.Config.Preprocessing, new Terminal(TextWriter.Null, error));
        Assert.Equal(10, Enumerable.Range(0, 12).Single(i => pictures.Source[i].Name == "10/1.png") is var ten ? pictures.Source[ten].Label : -1);
        Assert.Contains("folder 10 the class 2", error.ToString());
    }

    [Fact]
    public void Names_of_classes_may_be_given()
    {
        Archives.Folder(folder["all"], "rond/1.png", "drop/1.png");
        File.WriteAllLines(folder["names.txt"], (string[])["rond", .. SceneGenerator.Classes.Skip(1)]);
        PictureSet pictures = DataOptions.Open(folder["all"], null, folder["names.txt"], ScenesVit, ScenesVit.Config.Preprocessing, null);
        Assert.Equal([11, 0], Enumerable.Range(0, 2).Select(i => pictures.Source[i].Label));
        File.AppendAllText(folder["names.txt"], "more\n");
        Assert.Contains("names 13 classes", Assert.Throws<InvalidDataException>(() => DataOptions.Open(folder["all"], null, folder["names.txt"], ScenesVit, ScenesVit.Config.Preprocessing, null)).Message);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData("1%", 39)]
    [InlineData("0.5%", 19)]
    [InlineData("100%", 3925)]
    [InlineData(null, 39)]
    public void The_most_bad_pictures_are_a_number_or_a_part(string? typed, int most)
    {
        var options = new DataOptions();
        var command = new System.CommandLine.Command("x");
        foreach (System.CommandLine.Option option in options.All)
            command.Add(option);
        System.CommandLine.ParseResult parsed = command.Parse(typed is null ? ["-d", "x"] : ["-d", "x", "--max-bad", typed]);
        Assert.Empty(parsed.Errors);
        Assert.Equal(most, options.MostBad(parsed, 3925));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("101%")]
    [InlineData("few")]
    [InlineData("NaN%")]
    [InlineData("%")]
    public void Another_limit_is_wrong_usage(string typed)
    {
        Captured run = Captured.Run("eval", "scenes-vit", "--data", "scenes:1", "--max-bad", typed);
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Contains("--max-bad", run.Error);
    }

    public void Dispose() => folder.Dispose();

    static PictureSet Open(string named, string? labels) => DataOptions.Open(named, labels, null, ScenesVit, ScenesVit.Config.Preprocessing, null);
}
