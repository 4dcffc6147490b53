using System.Buffers;
using System.Buffers.Binary;
using Secateur.Models.Images;

namespace Secateur.Tests.Images;

public class DecodingTests
{
    public static TheoryData<string> Files => [.. ImageFixtures.Names("/decoded_rgb").Select(n => n.Split('/')[0])];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_decodes_to_the_bits_of_Pillow(string file) =>
        ImageFixtures.AssertEqual(ImageFixtures.Get(file + "/decoded_rgb"), ImageFixtures.Load(file, upright: false));

    [Theory]
    [InlineData(0, 1), InlineData(0, 2), InlineData(0, 4), InlineData(0, 8), InlineData(0, 16)]
    [InlineData(2, 8), InlineData(2, 16), InlineData(3, 1), InlineData(3, 2), InlineData(3, 4), InlineData(3, 8)]
    [InlineData(4, 8), InlineData(4, 16), InlineData(6, 8), InlineData(6, 16)]
    public void Every_kind_of_png_decodes_by_the_rules_of_Pillow_interlaced_or_not(int colourType, int depth)
    {
        foreach ((int width, int height) in new[] { (1, 1), (2, 3), (5, 5), (9, 8), (33, 17) })
        {
            // Whatever used the decoder's memory before must not show.
            byte[] used = ArrayPool<byte>.Shared.Rent(((width * depth + 7) / 8) * height * (colourType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 }));
            Array.Fill(used, (byte)0xAA);
            ArrayPool<byte>.Shared.Return(used);
            PngSamples png = PngSamples.Random(width, height, (byte)colourType, (byte)depth, seed: width * 100 + depth);
            ImageFixtures.AssertEqual(png.ToRgb(), ImageFile.Decode(png.Encode(interlaced: false), "plain.png"));
            ImageFixtures.AssertEqual(png.ToRgb(), ImageFile.Decode(png.Encode(interlaced: true), "interlaced.png"));
        }
    }

    [Theory]
    [InlineData("q92-420.jpg"), InlineData("grey.jpg"), InlineData("cmyk.jpg"), InlineData("q95-444-progressive.jpg")]
    public void A_jpeg_that_stops_early_is_one_clear_error(string file)
    {
        byte[] whole = ImageFixtures.Bytes(file);
        foreach (int length in new[] { 3, 20, 200, whole.Length / 2, whole.Length * 9 / 10, whole.Length - 2 })
        {
            var e = Assert.Throws<ImageException>(() => ImageFile.Decode(whole.AsSpan(0, length), "holiday.jpg"));
            Assert.StartsWith("holiday.jpg: ", e.Message, StringComparison.Ordinal);
            Assert.Contains("truncated", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("rgb.png"), InlineData("palette.png"), InlineData("bilevel.png"), InlineData("grey16.png")]
    public void A_png_that_stops_early_is_one_clear_error(string file)
    {
        byte[] whole = ImageFixtures.Bytes(file);
        foreach (int length in new[] { 8, 20, 40, whole.Length / 2 })
        {
            var e = Assert.Throws<ImageException>(() => ImageFile.Decode(whole.AsSpan(0, length), "holiday.png"));
            Assert.StartsWith("holiday.png: ", e.Message, StringComparison.Ordinal);
            Assert.Contains("truncated", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Stray_bytes_between_the_segments_of_a_jpeg_do_not_matter()
    {
        byte[] whole = ImageFixtures.Bytes("q75-422.jpg");
        int tables = whole.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDB]);
        ImageFixtures.AssertEqual(ImageFixtures.Load("q75-422.jpg"), ImageFile.Decode([.. whole[..tables], 0, 1, .. whole[tables..]], "stray.jpg"));
    }

    [Fact]
    public void Bytes_after_the_end_of_a_jpeg_do_not_matter() =>
        ImageFixtures.AssertEqual(
            ImageFixtures.Load("q75-422.jpg"), ImageFile.Decode([.. ImageFixtures.Bytes("q75-422.jpg"), 0xFF, 0xD8, 1, 2, 3], "trailing.jpg"));

    [Fact]
    public void A_missing_file_and_a_folder_are_image_errors()
    {
        Assert.Contains("nowhere.png", Assert.Throws<ImageException>(() => ImageFile.Load("nowhere.png")).Message, StringComparison.Ordinal);
        Assert.Throws<ImageException>(() => ImageFile.Load(AppContext.BaseDirectory));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("GIF89a", "this is a GIF")]
    [InlineData("RIFF....WEBPVP8 ", "this is a WebP")]
    [InlineData("hello", "68656C6C6F")]
    public void Another_kind_of_file_is_named_in_the_error(string content, string found) =>
        Assert.Contains(
            found, Assert.Throws<ImageException>(() => ImageFile.Decode(System.Text.Encoding.ASCII.GetBytes(content), "x")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(100_000, 100_000, "more than")]
    [InlineData(0, 5, "truncated or damaged")]
    [InlineData(13_000, 13_000, "cannot hold")]
    public void A_size_in_a_png_header_is_checked_before_anything_is_allocated_for_it(int width, int height, string found)
    {
        byte[] png = PngSamples.Random(3, 3, 2, 8, seed: 1).Encode(interlaced: false);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), PngSamples.Crc(png.AsSpan(12, 17)));
        AssertRefusedCheaply(png, found);
    }

    [Theory]
    [InlineData(65_000, 65_000, "more than")]
    [InlineData(13_000, 13_000, "cannot hold")]
    public void A_size_in_a_jpeg_header_is_checked_before_anything_is_allocated_for_it(int width, int height, string found)
    {
        byte[] jpeg = ImageFixtures.Bytes("grey.jpg");
        int frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), (ushort)width);
        AssertRefusedCheaply(jpeg, found);
    }

    static void AssertRefusedCheaply(byte[] file, string found)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var e = Assert.Throws<ImageException>(() => ImageFile.Decode(file, "bomb"));
        Assert.Contains(found, e.Message, StringComparison.Ordinal);
        // A picture of these sizes would take hundreds of megabytes; an exception takes kilobytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }
}
