using Secateur.Evaluation.Datasets;

namespace Secateur.Tests.Datasets;

public sealed class RealDatasets
{
    [SkippableFact]
    public void Imagenettes_folders_of_synsets_say_what_its_list_says()
    {
        string tar = RealData.Path("imagenette2-val/imagenette2_val.tar"), list = RealData.Path("imagenette2-val/labels.csv");
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder["alone.tar"], tar);
        IPictureSource byFolders = PictureSources.Open(folder["alone.tar"], new(1000, [])), byList = PictureSources.Open(folder["alone.tar"], new(1000, []), list);
        Assert.Equal(3925, byFolders.Count);
        Assert.True(byFolders.Labelled);
        Assert.Equal(Enumerable.Range(0, 3925).Select(i => byList[i]), Enumerable.Range(0, 3925).Select(i => byFolders[i]));
        Assert.Equal(File.ReadLines(list).Skip(1).Order(StringComparer.Ordinal), Enumerable.Range(0, 3925).Select(i => $"{byFolders[i].Name},{byFolders[i].Label}").Order(StringComparer.Ordinal));
        Assert.Equal((224, 224), (byFolders.Load(3924).Width, byFolders.Load(3924).Height));
    }

    [SkippableFact]
    public void The_folders_of_Cifar_are_its_ten_classes()
    {
        string tar = RealData.Path("cifar10-test/cifar10_test.tar");
        var named = new ClassMatcher(10, ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]);
        IPictureSource source = PictureSources.Open(tar, named);
        Assert.Equal((10_000, 0, 9), (source.Count, source[0].Label, source[9_999].Label));
        Assert.Equal(Enumerable.Repeat(1000, 10), Enumerable.Range(0, 10_000).GroupBy(i => source[i].Label).Select(group => group.Count()));
        Assert.Contains("no class", Assert.Throws<InvalidDataException>(() => PictureSources.Open(tar, new(1000, []))).Message);
    }
}
