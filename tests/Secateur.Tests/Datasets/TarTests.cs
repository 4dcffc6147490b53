using System.Formats.Tar;
using System.Text;
using Secateur.Evaluation.Datasets;
using Secateur.Models.Images;

namespace Secateur.Tests.Datasets;

public sealed class TarTests : IDisposable
{
    static readonly ClassMatcher Two = new(2, ["ape", "cat"]);
    static readonly string Long = string.Join('/', Enumerable.Repeat("a-folder-with-a-long-name", 12)) + "/picture.png";

    readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void Long_paths_and_those_in_any_language_are_whole(TarEntryFormat format)
    {
        Archives.Folder(folder["all"], $"ape/{Long}", "cat/größe-猫.png");
        Archives.Tar(folder["all"], folder["all.tar"], format);
        IPictureSource source = Open("all.tar");
        Assert.Equal([$"ape/{Long}", "cat/größe-猫.png"], [source[0].Name, source[1].Name]);
        Assert.Equal(Archives.Png(1).Length, new FileInfo(folder["all/cat/größe-猫.png"]).Length);
        Assert.Equal(1, source.Load(1).Pixels[0]);
    }

    [Fact]
    public void A_folder_that_all_share_is_no_class()
    {
        Archives.Folder(folder["all"], "set/val/ape/1.png", "set/val/cat/1.png");
        Archives.Tar(folder["all"], folder["all.tar"]);
        Assert.Equal([0, 1], Labels("all.tar"));
        Assert.Equal("set/val/ape/1.png", Open("all.tar")[0].Name);
    }

    [Theory]
    [InlineData("all/labels.csv")]
    [InlineData("labels.csv")]
    public void Labels_come_from_a_list_in_the_archive_or_beside_it(string list)
    {
        Archives.Folder(folder["all"], "ape/1.png", "cat/1.png");
        File.WriteAllText(folder[list], "file,class\nape/1.png,1\ncat/1.png,0\n");
        Archives.Tar(folder["all"], folder["all.tar"]);
        Assert.Equal([1, 0], Labels("all.tar"));
    }

    [Fact]
    public void Hidden_files_and_dots_in_paths_are_not_part_of_the_set_and_the_later_of_two_is_taken()
    {
        using (FileStream stream = File.Create(folder["all.tar"]))
        using (var writer = new TarWriter(stream))
            foreach ((string path, byte grey) in ((string, byte)[])[("./ape/1.png", 1), ("cat//2.png", 2), ("ape/._1.png", 3), (".git/x.png", 4), ("ape/1.png", 5)])
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Archives.Png(grey)) });
        IPictureSource source = Open("all.tar");
        Assert.Equal(["ape/1.png", "cat/2.png"], [source[0].Name, source[1].Name]);
        Assert.Equal((2, 5, 2), (source.Count, source.Load(0).Pixels[0], source.Load(1).Pixels[0]));
    }

    [Theory]
    [InlineData("../ape.png", TarEntryType.RegularFile, "leaves the folder")]
    [InlineData("cat/../../ape.png", TarEntryType.RegularFile, "leaves the folder")]
    [InlineData("/etc/ape.png", TarEntryType.RegularFile, "leaves the folder")]
    [InlineData("ape.png", TarEntryType.SymbolicLink, "is a link")]
    [InlineData("ape.png", TarEntryType.HardLink, "is a link")]
    [InlineData("ape\u001b[2J.png", TarEntryType.RegularFile, "control characters")]
    public void Archives_whose_pictures_are_elsewhere_are_refused(string path, TarEntryType type, string says)
    {
        var entry = new PaxTarEntry(type, path);
        if (type is not TarEntryType.RegularFile)
            entry.LinkName = "/etc/passwd";
        Archives.Tar(folder["one.tar"], entry, type is TarEntryType.RegularFile ? Archives.Png(0) : null);
        Assert.Contains(says, Refused("one.tar"));
    }

    [Fact]
    public void Files_with_holes_are_refused()
    {
        Archives.Tar(folder["one.tar"], new PaxTarEntry(TarEntryType.RegularFile, "ape.png", [new("GNU.sparse.major", "1")]), Archives.Png(0));
        Assert.Contains("holes", Refused("one.tar"));
    }

    [Theory]
    [InlineData(124, "77777777777\0", "cut off")]
    [InlineData(124, "8\0", "no number")]
    [InlineData(124, "-1\0", "no number")]
    [InlineData(124, "\u0080\0\0\0\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", "cut off")]
    [InlineData(124, "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", "no number")]
    [InlineData(124, "\u0080\0\0\u0001\0\0\0\0\0\0\0\0", "no number")]
    [InlineData(156, "S", "holes")]
    [InlineData(156, "L", "no picture")]
    [InlineData(156, "x", "extended header")]
    public void Headers_that_lie_are_refused(int at, string bytes, string says)
    {
        Archives.Tar(folder["one.tar"], new UstarTarEntry(TarEntryType.RegularFile, "ape.png"), Archives.Png(0));
        byte[] file = File.ReadAllBytes(folder["one.tar"]);
        Encoding.Latin1.GetBytes(bytes).CopyTo(file, at);
        Sign(file);
        File.WriteAllBytes(folder["one.tar"], file);
        Assert.Contains(says, Refused("one.tar"));
    }

    [Fact]
    public void A_long_header_is_not_read_whole()
    {
        byte[] file = new byte[4 << 20];
        Encoding.ASCII.GetBytes("ape.png").CopyTo(file, 0);
        Encoding.ASCII.GetBytes("00010000000\0").CopyTo(file, 124);
        file[156] = (byte)'x';
        Sign(file);
        File.WriteAllBytes(folder["one.tar"], file);
        Assert.Contains("at most", Refused("one.tar"));
    }

    [Theory]
    [InlineData(new byte[] { 0x1F, 0x8B, 8, 0 }, "all.tar.gz", "gzip")]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4 }, "all.zip", "zip")]
    [InlineData(new byte[] { 1, 2, 3, 4 }, "all.bin", "CIFAR-10")]
    [InlineData(new byte[] { 1, 2, 3, 4 }, "all", "neither")]
    [InlineData(new byte[] { 1, 2, 3, 4 }, "all.tar", "cut off")]
    [InlineData(new byte[0], "all.bin", "0 bytes")]
    public void Other_files_are_refused_with_what_to_do(byte[] bytes, string name, string says)
    {
        File.WriteAllBytes(folder[name], bytes);
        Assert.Contains(says, Refused(name));
    }

    [Fact]
    public void A_broken_picture_is_named_with_its_archive()
    {
        Archives.Tar(folder["one.tar"], new PaxTarEntry(TarEntryType.RegularFile, "cat/broken.jpg"), [1, 2, 3]);
        Assert.Contains("one.tar: cat/broken.jpg", Assert.Throws<ImageException>(() => Open("one.tar").Load(0)).Message);
    }

    [Fact]
    public void A_damaged_archive_is_read_or_refused()
    {
        Archives.Folder(folder["all"], "ape/1.png", "cat/2.png", $"cat/{Long}");
        var random = new Random(5);
        foreach (TarEntryFormat format in (TarEntryFormat[])[TarEntryFormat.Pax, TarEntryFormat.Gnu])
        {
            Archives.Tar(folder["all"], folder["all.tar"], format);
            byte[] whole = File.ReadAllBytes(folder["all.tar"]);
            int refused = 0, rounds = Fuzz.Rounds(400);
            for (int i = 0; i < rounds; i++)
            {
                byte[] file = i % 5 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
                for (int n = random.Next(1, 5); n > 0 && file.Length > 512; n--)
                    file[random.Next(file.Length / 512) * 512 + random.Next(160)] = random.Next(2) == 0 ? (byte)random.Next(256) : "01278xLgS59 "u8[random.Next(12)];
                for (int at = 0; at + 512 <= file.Length && i % 2 == 0; at += 512)
                    if (file[at + 257] == 'u')
                        Sign(file.AsSpan(at));
                File.WriteAllBytes(folder["damaged.tar"], file);
                Exception? e = Record.Exception(() =>
                {
                    IPictureSource source = PictureSources.Open(folder["damaged.tar"], Two, PictureSources.NoLabels);
                    for (int p = 0; p < source.Count; p++)
                        source.Load(p);
                });
                Assert.True(e is null or InvalidDataException or ImageException, e?.ToString());
                refused += e is null ? 0 : 1;
            }

            Assert.InRange(refused, 1, rounds);
        }
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Makes the checksum of a header right.</summary>
    static void Sign(Span<byte> header)
    {
        header.Slice(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte one in header[..512])
            sum += one;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);
    }

    IPictureSource Open(string name) => PictureSources.Open(folder[name], Two);

    int[] Labels(string name) => [.. Enumerable.Range(0, Open(name).Count).Select(i => Open(name)[i].Label)];

    string Refused(string name) => Assert.Throws<InvalidDataException>(() => Open(name)).Message;
}
