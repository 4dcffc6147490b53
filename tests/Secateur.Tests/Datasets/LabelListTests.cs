using Secateur.Evaluation.Datasets;

namespace Secateur.Tests.Datasets;

/// <summary>Pictures of ILSVRC2012's validation set lie in one folder, and a list says what they are.</summary>
public sealed class LabelListTests : IDisposable
{
    static readonly ClassMatcher ImageNet = new(1000, []);
    static readonly string[] Files = [.. Enumerable.Range(1, 3).Select(i => $"ILSVRC2012_val_{i:00000000}.JPEG")];

    readonly TemporaryFolder folder = new();

    public LabelListTests() => Archives.Folder(folder["val"], Files);

    [Theory]
    [InlineData("ILSVRC2012_val_00000001.JPEG n01440764\nILSVRC2012_val_00000002.JPEG n02102040\nILSVRC2012_val_00000003.JPEG n01440764\n")]
    [InlineData("ILSVRC2012_val_00000003.JPEG\t0\nILSVRC2012_val_00000002.JPEG\t217\nILSVRC2012_val_00000001.JPEG\t0\n")]
    [InlineData("file,class\r\nval/ILSVRC2012_val_00000001.JPEG,0\r\nval/ILSVRC2012_val_00000002.JPEG,217\r\n\r\n./val/ILSVRC2012_val_00000003.JPEG,0\r\n")]
    [InlineData("ImageId,PredictionString\nILSVRC2012_val_00000002,n02102040 85 1 499 272 n02102040 1 1 2 2 \nILSVRC2012_val_00000001,n01440764 1 2 3 4 \nILSVRC2012_val_00000003,n01440764 1 2 3 4 \nILSVRC2012_val_00000004,n09999999 1 2 3 4 \n")]
    [InlineData("n01440764\nn02102040\nn01440764\n")]
    [InlineData("0\n217\n0\n")]
    public void The_usual_lists_are_read(string text)
    {
        File.WriteAllText(folder["list.txt"], text);
        Assert.Equal([0, 217, 0], Labels(ImageNet));
    }

    [Fact]
    public void Names_of_classes_may_have_commas_in_quotes_and_spaces()
    {
        var named = new ClassMatcher(3, ["tench, Tinca tinca", "great white \"shark\"", "golden retriever"]);
        File.WriteAllText(folder["list.txt"], $"{Files[0]},\"tench, Tinca tinca\"\n{Files[1]} golden retriever\n\"{Files[2]}\",\"great white \"\"shark\"\"\"\n");
        Assert.Equal([0, 2, 1], Labels(named));
    }

    [Fact]
    public void The_development_kits_own_numbers_are_never_taken_for_indices()
    {
        foreach (string text in (string[])["490\n361\n171\n", "1\n1000\n2\n", string.Join('\n', Files.Zip([490, 1000, 171], (file, id) => $"{file} {id}"))])
        {
            File.WriteAllText(folder["list.txt"], text);
            string message = Refused(ImageNet);
            Assert.Contains("ILSVRC2012_validation_ground_truth.txt", message);
            Assert.Contains("LOC_val_solution.csv", message);
        }
    }

    [Fact]
    public void A_list_without_files_is_refused_where_sorting_could_mean_two_things()
    {
        Archives.Folder(folder["val"], "2.png", "10.png");
        File.WriteAllText(folder["list.txt"], "0\n1\n2\n3\n4\n");
        Assert.Contains("sorted as text", Refused(ImageNet));
    }

    [Theory]
    [InlineData("0\n1\n", "2 lines")]
    [InlineData("a.png,1\nb.png\nc.png,2\n", "line 2 is not like the others")]
    [InlineData("file,class\na.png,1,2\n", "line 2 is 'a.png,1,2'")]
    [InlineData("file,class\n\"a.png,1\n", "line 2")]
    [InlineData("file,class\na.png,1\0\n", "line 2")]
    [InlineData("file,class\nILSVRC2012_val_00000001.JPEG,1\nILSVRC2012_val_00000001.JPEG,2\n", "line 3 gives")]
    [InlineData("file,class\nILSVRC2012_val_00000001.JPEG,1\n", "names no class for 2 of 3")]
    [InlineData("file,class\nILSVRC2012_val_00000001.JPEG,cat\n", "line 2: the label 'cat'")]
    [InlineData("", "names no class for 3 of 3")]
    public void A_list_that_cannot_be_used_is_refused_with_the_place(string text, string says)
    {
        File.WriteAllText(folder["list.txt"], text);
        string message = Refused(ImageNet);
        Assert.Contains(says, message);
        Assert.Contains("list.txt", message);
    }

    [Theory]
    [InlineData("file,class\n../secret.png,1\n", "below")]
    [InlineData("file,class\n/etc/secret.png,1\n", "below")]
    [InlineData("file,class\nval/../val/ILSVRC2012_val_00000001.JPEG,1\n", "below")]
    [InlineData("file,class\nval/gone.png,1\n", "is not there")]
    [InlineData("file,class\nval/a.png,1\nval/notes.txt,1\n", "no picture")]
    [InlineData("0\n1\n2\n", "names no pictures")]
    [InlineData("", "names no pictures")]
    public void A_list_as_the_pictures_names_files_below_it_alone(string text, string says)
    {
        Archives.Folder(folder["val"], "a.png");
        File.WriteAllText(folder["list.csv"], text);
        Assert.Contains(says, Assert.Throws<InvalidDataException>(() => PictureSources.Open(folder["list.csv"], ImageNet)).Message);
    }

    [Fact]
    public void A_list_of_files_alone_is_pictures_without_labels()
    {
        File.WriteAllText(folder["list.txt"], $"val/{Files[1]}\nval/{Files[0]}\n");
        IPictureSource source = PictureSources.Open(folder["list.txt"], ImageNet);
        Assert.Equal((2, false, $"val/{Files[0]}"), (source.Count, source.Labelled, source[0].Name));
    }

    [Fact]
    public void A_damaged_list_is_read_or_refused()
    {
        var random = new Random(11);
        byte[] whole = System.Text.Encoding.UTF8.GetBytes($"file,class\n\"{Files[0]}\",0\n{Files[1]}\tn02102040\n{Files[2]} 3\n");
        int refused = 0, rounds = Fuzz.Rounds(400);
        for (int i = 0; i < rounds; i++)
        {
            byte[] text = [.. whole];
            for (int n = random.Next(1, 4); n > 0; n--)
                text[random.Next(text.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : ",\"\t \n0n"u8[random.Next(7)];
            File.WriteAllBytes(folder["list.txt"], text);
            foreach (Action open in (Action[])[() => Labels(ImageNet), () => PictureSources.Open(folder["list.txt"], ImageNet)])
                refused += Record.Exception(open) is { } e ? Assert.IsType<InvalidDataException>(e).HResult != 0 ? 1 : 0 : 0;
        }

        Assert.InRange(refused, 1, 2 * rounds);
    }

    public void Dispose() => folder.Dispose();

    int[] Labels(ClassMatcher matcher)
    {
        IPictureSource source = PictureSources.Open(folder["val"], matcher, folder["list.txt"]);
        return [.. Enumerable.Range(0, source.Count).Select(i => source[i].Label)];
    }

    string Refused(ClassMatcher matcher) => Assert.Throws<InvalidDataException>(() => Labels(matcher)).Message;
}
