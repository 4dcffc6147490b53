using Secateur.Evaluation.Datasets;

namespace Secateur.Tests.Datasets;

public sealed class ClassMatcherTests
{
    static readonly ClassMatcher ImageNet = new(1000, []);
    static readonly ClassMatcher Birds = new(4, ["crane", "tench, Tinca tinca", "crane, tower crane", "grey_owl"]);

    readonly List<string> notices = [];

    [Fact]
    public void Synsets_are_the_classes_of_ImageNet_in_the_order_of_their_ids()
    {
        Assert.Equal(1000, ImageNetSynsets.Count);
        string[] ids = [.. Enumerable.Range(0, 1000).Select(ImageNetSynsets.IdOf)];
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.Equal(1000, ids.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 1000), ids.Select(id => ImageNetSynsets.IndexOf(id)));
        Assert.Equal(("n01440764", "n15075141"), (ids[0], ids[999]));
    }

    [SkippableFact]
    public void The_synsets_are_those_of_the_reference_list() =>
        Assert.Equal(File.ReadLines(RealData.Path("imagenet_synsets_in_index_order.txt")), Enumerable.Range(0, 1000).Select(ImageNetSynsets.IdOf));

    [Theory]
    [InlineData("n0144076")]
    [InlineData("n014407640")]
    [InlineData("x01440764")]
    [InlineData("n01440765")]
    [InlineData("n0144076a")]
    [InlineData("")]
    public void Other_words_are_no_synsets_of_ImageNet(string word) => Assert.Equal(-1, ImageNetSynsets.IndexOf(word));

    [Fact]
    public void Some_synset_folders_have_the_classes_of_all() => Assert.Equal([0, 217, 701], Folders(ImageNet, "n01440764", "n02102040", "n03888257"));

    [Fact]
    public void Classes_without_names_are_called_by_their_synsets_where_those_fitted()
    {
        var matcher = new ClassMatcher(1000, []);
        Assert.Empty(matcher.Names);
        Folders(matcher, "n02102040");
        Assert.Equal("n02102040", matcher.Names[217]);
        Folders(Birds, "crane, tower crane");
        Assert.Equal("grey_owl", Birds.Names[3]);
    }

    [Fact]
    public void Names_match_whole_or_by_their_first_synonym_in_any_case()
    {
        Assert.Equal([1], Folders(Birds, "Tench"));
        Assert.Equal([1], Folders(Birds, "tench, tinca tinca"));
        Assert.Equal([3, 2], Folders(Birds, "Grey Owl", "crane, tower crane"));
        Assert.Empty(notices);
    }

    [Fact]
    public void A_name_of_two_classes_is_refused_with_both() => Assert.Contains("0 and 2", Refused(Birds, "crane", "tench"));

    [Fact]
    public void Numbers_are_indices_and_the_trap_of_sorting_them_as_text_is_explained()
    {
        Assert.Equal([0, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9], Folders(new(12, []), [.. Enumerable.Range(0, 12).Select(i => $"{i}")]));
        Assert.Contains("gives folder 10 the class 2", Assert.Single(notices));
        Assert.Contains("--classes", notices[0]);
    }

    [Fact]
    public void Numbers_that_sort_as_text_as_they_count_need_no_words()
    {
        Assert.Equal(Enumerable.Range(0, 12), Folders(new(12, []), [.. Enumerable.Range(0, 12).Select(i => $"{i:000}")]));
        Assert.Empty(notices);
    }

    [Fact]
    public void A_list_of_indices_goes_with_given_names_too() =>
        Assert.Equal(2, new ClassMatcher(3, ["a", "b", "c"], given: true).OfList(new Dictionary<string, int> { ["2"] = 1, ["0"] = 2 }, "labels.csv")["2"]);

    [Fact]
    public void Given_names_decide_alone()
    {
        Assert.Equal([0, 1, 2], Folders(new(3, ["0", "10", "2"], given: true), "0", "10", "2"));
        Assert.Empty(notices);
        Assert.Contains("'1'", Refused(new(3, ["0", "10", "2"], given: true), "0", "1", "2"));
    }

    [Fact]
    public void Alphabetical_order_is_taken_only_where_the_network_names_nothing_and_the_numbers_agree_and_is_said()
    {
        Assert.Equal([0, 1, 2], Folders(new(3, ["LABEL_0", "LABEL_1", "LABEL_2"]), "ape", "bee", "cat"));
        Assert.Contains("alphabetical order, ape as class 0 and cat as class 2", Assert.Single(notices));
        Assert.Contains("'ape'", Refused(new(4, []), "ape", "bee", "cat"));
        Assert.Contains("'ape'", Refused(new(3, ["one", "two", "three"]), "ape", "bee", "cat"));
    }

    [Fact]
    public void One_folder_that_is_no_class_says_nothing_of_its_pictures() => Assert.Null(ImageNet.OfFolders(["holidays"], "here"));

    [Theory]
    [InlineData("cat", "cat,dog", 1000, "(2 of 2 names are none)")]
    [InlineData("train", "train,val", 1000, "parts of a data set")]
    [InlineData("n01440764", "n01440764,n02102040", 21841, "Synsets are known for networks of the 1000")]
    [InlineData("misc", "n01440764,misc", 1000, "'misc'")]
    [InlineData("12", "0,12", 12, "names class 12")]
    [InlineData("12", "1,12", 12, "count from 1")]
    [InlineData("1000", "1,1000", 1000, "ILSVRC2012 ids")]
    [InlineData("99999999999", "0,99999999999", 12, "99999999999")]
    public void What_cannot_be_the_networks_classes_is_refused_with_what_to_do(string word, string folders, int classes, string says)
    {
        string message = Refused(new(classes, []), folders.Split(','));
        Assert.Contains(word, message);
        Assert.Contains(says, message);
        Assert.Matches("--labels (none|FILE)|take 1 off", message);
    }

    int[] Folders(ClassMatcher matcher, params string[] folders)
    {
        IReadOnlyDictionary<string, int> classes = matcher.OfFolders(folders, "here", notices.Add)!;
        return [.. folders.Order(StringComparer.Ordinal).Select(folder => classes[folder])];
    }

    string Refused(ClassMatcher matcher, params string[] folders) => Assert.Throws<InvalidDataException>(() => matcher.OfFolders(folders, "here", notices.Add)).Message;
}
