using System.Buffers.Binary;
using System.Text.Json;
using Secateur.Models.Images;

namespace Secateur.Tests.Images;

/// <summary>Pictures drawn for these tests, and what Pillow 9.4 with libjpeg-turbo 2.1.5 makes of them.</summary>
internal static class ImageFixtures
{
    static readonly Lazy<(byte[] File, JsonDocument Header, int Start)> Expected = new(() =>
    {
        byte[] file = File.ReadAllBytes(Fixtures.Path("images/expected.safetensors"));
        int header = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        return (file, JsonDocument.Parse(file.AsMemory(8, header)), 8 + header);
    });

    /// <summary>The picture files.</summary>
    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Fixtures.Path("images")).Select(f => Path.GetFileName(f)!).Where(f => !f.EndsWith(".safetensors", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The names of expected pictures that contain a part: "q92-420.jpg/resize.bicubic.224x224".</summary>
    public static IEnumerable<string> Names(string part) =>
        Expected.Value.Header.RootElement.EnumerateObject().Select(p => p.Name).Where(n => n.Contains(part, StringComparison.Ordinal));

    public static byte[] Bytes(string file) => File.ReadAllBytes(Fixtures.Path("images/" + file));

    public static RgbImage Load(string file, bool upright = false) => ImageFile.Load(Fixtures.Path("images/" + file), upright);

    /// <summary>An expected picture.</summary>
    public static RgbImage Get(string name)
    {
        (byte[] file, JsonDocument header, int start) = Expected.Value;
        JsonElement tensor = header.RootElement.GetProperty(name);
        int from = start + tensor.GetProperty("data_offsets")[0].GetInt32(), to = start + tensor.GetProperty("data_offsets")[1].GetInt32();
        JsonElement shape = tensor.GetProperty("shape");
        return new(shape[1].GetInt32(), shape[0].GetInt32(), file[from..to]);
    }

    /// <summary>A picture of noise.</summary>
    public static RgbImage Noise(int width, int height, int seed)
    {
        RgbImage image = new(width, height);
        new Random(seed).NextBytes(image.Pixels);
        return image;
    }

    public static void AssertEqual(RgbImage expected, RgbImage actual)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        int at = expected.Pixels.AsSpan().CommonPrefixLength(actual.Pixels);
        Assert.True(
            at == expected.Pixels.Length,
            at == expected.Pixels.Length ? "" : $"Row {at / 3 / expected.Width}, column {at / 3 % expected.Width}, channel {at % 3}: expected {expected.Pixels[at]}, found {actual.Pixels[at]}.");
    }
}
