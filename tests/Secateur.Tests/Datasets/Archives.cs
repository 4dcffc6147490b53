using System.Formats.Tar;
using Secateur.Models.Images;

namespace Secateur.Tests.Datasets;

/// <summary>Makes pictures, folders and archives for the tests of data sets.</summary>
internal static class Archives
{
    /// <summary>A small picture of one grey, as a PNG file.</summary>
    public static byte[] Png(byte grey)
    {
        var picture = new RgbImage(4, 3);
        Array.Fill(picture.Pixels, grey);
        return PngWriter.Encode(picture);
    }

    /// <summary>Writes a picture a path; the first is black, and each is a little brighter than the one before.</summary>
    public static void Folder(string folder, params string[] paths)
    {
        for (int i = 0; i < paths.Length; i++)
        {
            string path = Path.Combine(folder, paths[i]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, Png((byte)i));
        }
    }

    /// <summary>Puts the files of a folder into an archive, in no particular order.</summary>
    public static void Tar(string folder, string archive, TarEntryFormat format = TarEntryFormat.Pax)
    {
        using FileStream stream = File.Create(archive);
        using var writer = new TarWriter(stream, format);
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).OrderDescending(StringComparer.Ordinal))
            writer.WriteEntry(file, Path.GetRelativePath(folder, file).Replace('\\', '/'));
    }

    /// <summary>An archive of one entry.</summary>
    public static void Tar(string archive, TarEntry entry, byte[]? data = null)
    {
        using FileStream stream = File.Create(archive);
        using var writer = new TarWriter(stream, entry.Format);
        if (data is not null)
            entry.DataStream = new MemoryStream(data);
        writer.WriteEntry(entry);
    }

    /// <summary>Writes records of CIFAR-10: picture i is of class i modulo the classes, red i, green 100 + i and blue 200 + i.</summary>
    public static void Cifar(string path, int count, int classes = 10)
    {
        byte[] file = new byte[count * 3073];
        for (int i = 0; i < count; i++)
        {
            file[i * 3073] = (byte)(i % classes);
            for (int channel = 0; channel < 3; channel++)
                file.AsSpan(i * 3073 + 1 + channel * 1024, 1024).Fill((byte)(100 * channel + i));
        }

        File.WriteAllBytes(path, file);
    }
}
