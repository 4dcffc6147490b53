using Secateur.Cli;
using Secateur.Evaluation.Datasets;
using Secateur.Models.Images;
using Secateur.Models.Vit;
using Secateur.Tests.Cli;

namespace Secateur.Tests.Datasets;

public sealed class FolderTests : IDisposable
{
    static readonly ImagePreprocessing Rules = new() { Size = (16, 16) };
    static readonly ClassMatcher Ten = new(10, []);

    readonly TemporaryFolder folder = new();

    public FolderTests()
    {
        Directory.CreateDirectory(folder["pictures/deep"]);
        foreach (string name in (string[])["b.png", "a.png", "deep/c.PNG"])
            PngWriter.Save(new RgbImage(20, 18), folder[$"pictures/{name}"]);
        File.WriteAllText(folder["pictures/notes.txt"], "no picture");
    }

    [Fact]
    public void Pictures_are_sorted_and_without_a_list_have_no_labels()
    {
        PictureSet pictures = Open("pictures");
        Assert.Equal((3, false, 3 * 16 * 16), (pictures.Count, pictures.Labelled, pictures.InputLength));
        Assert.Equal(["a.png", "b.png", "deep/c.PNG"], Enumerable.Range(0, 3).Select(i => pictures.Source[i].Name));
        Assert.Equal(-1, pictures.Read(0, new float[pictures.InputLength]));
    }

    [Theory]
    [InlineData("pictures/labels.csv", "")]
    [InlineData("labels.csv", "pictures/")]
    public void Labels_come_from_a_list_in_the_folder_or_beside_it(string list, string before)
    {
        File.WriteAllText(folder[list], $"file,class_index\n{before}deep/c.PNG,7\n{before}a.png,0\n{before}b.png,4\n{before}gone.png,1\n");
        PictureSet pictures = Open("pictures");
        Assert.True(pictures.Labelled);
        Assert.Equal([0, 4, 7], Enumerable.Range(0, 3).Select(i => pictures.Read(i, new float[pictures.InputLength])));
    }

    [Fact]
    public void A_list_beside_the_folder_that_knows_none_of_its_pictures_is_of_others()
    {
        File.WriteAllText(folder["labels.csv"], "file,class_index\nelse.png,7\n");
        Assert.False(Open("pictures").Labelled);
    }

    [Theory]
    [InlineData("file,class\na.png,0\n", "names no class for 2 of 3")]
    [InlineData("file,class\na.png,cat\n", "line 2")]
    [InlineData("file,class\na.png,-1\n", "line 2")]
    [InlineData("file,class\na.png\n", "line 2")]
    [InlineData("file,class\na.png,1\nb.png,1\na.png,2\n", "line 4")]
    public void A_list_that_cannot_be_used_is_refused_with_the_place(string text, string says)
    {
        File.WriteAllText(folder["pictures/labels.csv"], text);
        string message = Assert.Throws<InvalidDataException>(() => Open("pictures")).Message;
        Assert.Contains(says, message);
        Assert.Contains("labels.csv", message);
    }

    [Fact]
    public void A_folder_without_pictures_is_refused() =>
        Assert.Contains("no picture", Assert.Throws<InvalidDataException>(() => PictureSources.Open(Directory.CreateDirectory(folder["empty"]).FullName, Ten)).Message);

    [Fact]
    public void A_class_that_the_network_lacks_is_an_error_before_the_first_run()
    {
        File.WriteAllText(folder["pictures/labels.csv"], "file,class_index\ndeep/c.PNG,12\na.png,0\nb.png,4\n");
        Captured run = Captured.Run("plan", "budget", "scenes-vit", "--macs", "0.5x", "--images", folder["pictures"], "-o", folder["plan.json"]);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("class 12", run.Error);
        Assert.False(File.Exists(folder["plan.json"]));
    }

    [Fact]
    public void Kept_pictures_are_read_once_as_long_as_they_fit()
    {
        var counting = new Counting(Open("pictures"));
        var kept = new KeptPictures(counting, mostBytes: 2 * sizeof(float) * counting.InputLength);
        float[] once = new float[kept.InputLength], again = new float[kept.InputLength];
        for (int i = 0; i < 3; i++)
        {
            kept.Read(i, once);
            kept.Read(i, again);
            Assert.Equal(once, again);
        }

        Assert.Equal(1 + 1 + 2, counting.Reads);
    }

    PictureSet Open(string name) => new(PictureSources.Open(folder[name], Ten), Rules);

    public void Dispose() => folder.Dispose();

    sealed class Counting(IPictureSet pictures) : IPictureSet
    {
        public int Reads { get; private set; }

        public string Name => pictures.Name;

        public int Count => pictures.Count;

        public int InputLength => pictures.InputLength;

        public bool Labelled => pictures.Labelled;

        public int Read(int index, Span<float> input)
        {
            Reads++;
            return pictures.Read(index, input);
        }
    }
}
