using System.Formats.Tar;
using Secateur.Evaluation.Datasets;
using Secateur.Kernels;
using Secateur.Models.Vit;

namespace Secateur.Tests.Datasets;

/// <summary>What holds for every source of pictures.</summary>
public sealed class SourceLaws : IDisposable
{
    static readonly string[] Paths = ["cat/b.png", "dog/a.png", "cat/a.png", "ape/deep/z.png", "ape/y.png", "cat-like/a.png"];
    static readonly ClassMatcher Four = new(4, ["ape", "cat", "cat-like", "dog"]);

    readonly TemporaryFolder folder = new();

    public SourceLaws()
    {
        Archives.Folder(folder["pictures"], Paths);
        foreach (TarEntryFormat format in (TarEntryFormat[])[TarEntryFormat.V7, TarEntryFormat.Ustar, TarEntryFormat.Pax, TarEntryFormat.Gnu])
            Archives.Tar(folder["pictures"], folder[$"{format}.tar"], format);
        File.WriteAllLines(folder["list.csv"], ["file,class", .. Paths.Select(path => $"pictures/{path},{path.Split('/')[0]}")]);
        Archives.Cifar(folder["some.bin"], 25, classes: 4);
        File.WriteAllText(folder["batches.meta.txt"], "dog\ncat\nape\ncat-like\n");
    }

    public static TheoryData<string> Sources => ["pictures", "V7.tar", "Ustar.tar", "Pax.tar", "Gnu.tar", "list.csv", "some.bin", "scenes"];

    [Theory]
    [MemberData(nameof(Sources))]
    public void The_order_is_stable_names_differ_and_labels_are_classes_of_the_network(string name)
    {
        IPictureSource source = Open(name);
        PictureEntry[] entries = Entries(source);
        Assert.Equal(entries, Entries(Open(name)));
        Assert.Equal(entries.Length, entries.Select(one => one.Name).Distinct().Count());
        Assert.True(source.Labelled);
        Assert.All(entries, one => Assert.InRange(one.Label, 0, name == "scenes" ? SceneGenerator.Classes.Count - 1 : 3));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Many_threads_read_what_one_reads(string name)
    {
        IPictureSource source = Open(name);
        byte[][] one = [.. Enumerable.Range(0, source.Count).Select(i => source.Load(i).Pixels.ToArray())];
        using var threads = new Threads(4);
        var all = new Reading(source, one);
        threads.For(8 * source.Count, all);
        Assert.Equal(8 * source.Count, all.Same[0]);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Without_labels_the_pictures_are_the_same_and_the_hash_is_another(string name)
    {
        IPictureSource source = Open(name), without = name == "scenes" ? new WithoutLabels(source) : PictureSources.Open(folder[name], Four, PictureSources.NoLabels);
        Assert.False(without.Labelled);
        Assert.Equal(Entries(source).Select(one => one with { Label = PictureEntry.NoLabel }), Entries(without));
        Assert.Equal(source.Load(0).Pixels, without.Load(0).Pixels);
        Assert.NotEqual(Hash(source), Hash(without));
    }

    [Fact]
    public void Pictures_are_sorted_as_torchvision_sorts_them() =>
        Assert.Equal(["ape/y.png", "ape/deep/z.png", "cat/a.png", "cat/b.png", "cat-like/a.png", "dog/a.png"], Entries(Open("pictures")).Select(one => one.Name));

    [Theory]
    [InlineData("V7.tar")]
    [InlineData("Ustar.tar")]
    [InlineData("Pax.tar")]
    [InlineData("Gnu.tar")]
    public void An_archive_and_its_folder_are_the_same_set(string archive)
    {
        IPictureSource packed = Open(archive), extracted = Open("pictures");
        Assert.Equal(Hash(extracted), Hash(packed));
        for (int i = 0; i < extracted.Count; i++)
            Assert.Equal(extracted.Load(i).Pixels, packed.Load(i).Pixels);
    }

    [Fact]
    public void The_hash_knows_names_labels_and_sizes()
    {
        string before = Hash(Open("pictures"));
        Assert.NotEqual(before, Hash(PictureSources.Open(folder["pictures"], new(4, ["ape", "dog", "cat-like", "cat"]))));
        File.AppendAllText(folder["pictures/dog/a.png"], " ");
        string longer = Hash(Open("pictures"));
        Assert.NotEqual(before, longer);
        File.Move(folder["pictures/dog/a.png"], folder["pictures/dog/b.png"]);
        Assert.NotEqual(longer, Hash(Open("pictures")));
    }

    [Fact]
    public void Cifar_keeps_channels_apart_and_its_classes_have_their_names()
    {
        IPictureSource source = Open("some.bin");
        Assert.Equal(["some.bin/00000", "some.bin/00001"], Entries(source).Take(2).Select(one => one.Name));
        Assert.Equal([3, 1, 0, 2, 3], Entries(source).Take(5).Select(one => one.Label));
        Assert.Equal([7, 107, 207, 7], source.Load(7).Pixels[..4].ToArray());
        Assert.Equal((32, 32), (source.Load(0).Width, source.Load(0).Height));
    }

    [Fact]
    public void Of_a_folder_of_Cifar_the_test_pictures_are_taken()
    {
        Directory.CreateDirectory(folder["cifar"]);
        foreach ((string name, int count) in ((string, int)[])[("data_batch_1.bin", 3), ("data_batch_2.bin", 4)])
            Archives.Cifar(folder[$"cifar/{name}"], count);
        var ten = new ClassMatcher(10, []);
        Assert.Equal(7, PictureSources.Open(folder["cifar"], ten).Count);
        Archives.Cifar(folder["cifar/test_batch.bin"], 5);
        var notices = new List<string>();
        Assert.Equal([0, 1, 2, 3, 4], Entries(PictureSources.Open(folder["cifar"], ten, null, notices.Add)).Select(one => one.Label));
        Assert.Contains("test_batch.bin", notices[0]);
    }

    public void Dispose() => folder.Dispose();

    static PictureEntry[] Entries(IPictureSource source) => [.. Enumerable.Range(0, source.Count).Select(i => source[i])];

    static string Hash(IPictureSource source) => new PictureSet(source, new ImagePreprocessing()).Hash;

    IPictureSource Open(string name) => name == "scenes" ? new SceneSet(SceneGenerator.FirstHeldOutSeed, 10, new ImagePreprocessing { Size = (24, 24) }) : PictureSources.Open(folder[name], Four);

    readonly struct Reading(IPictureSource source, byte[][] expected) : IWork
    {
        public int[] Same { get; } = [0];

        public void Run(int task, int worker)
        {
            if (source.Load(task % source.Count).Pixels.SequenceEqual(expected[task % source.Count]) && source[task % source.Count] == source[task % source.Count])
                Interlocked.Increment(ref Same[0]);
        }
    }
}
