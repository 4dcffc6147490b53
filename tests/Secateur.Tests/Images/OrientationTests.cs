using Secateur.Models.Images;

namespace Secateur.Tests.Images;

public class OrientationTests
{
    public static TheoryData<int, bool> Orientations
    {
        get
        {
            TheoryData<int, bool> all = [];
            for (int orientation = 1; orientation <= 8; orientation++)
            {
                all.Add(orientation, true);
                all.Add(orientation, false);
            }

            return all;
        }
    }

    [Theory]
    [InlineData("exif-rotated-3-tiny.jpg"), InlineData("exif-rotated-6.jpg")]
    public void A_photograph_is_turned_upright_as_Pillow_turns_it(string file) =>
        ImageFixtures.AssertEqual(ImageFixtures.Get(file + "/upright_rgb"), ImageFixtures.Load(file, upright: true));

    [Theory]
    [MemberData(nameof(Orientations))]
    public void Each_orientation_is_its_mirrors_and_its_transposition(int orientation, bool littleEndian)
    {
        RgbImage stored = ImageFixtures.Load("q75-422.jpg");
        byte[] file = ImageFixtures.Bytes("q75-422.jpg");
        byte[] body = [.. "Exif\0\0"u8, .. Tiff(orientation, littleEndian)];
        byte[] marked = [.. file[..2], 0xFF, 0xE1, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2), .. body, .. file[2..]];
        ImageFixtures.AssertEqual(Turned(stored, orientation), ImageFile.Decode(marked, "marked.jpg"));
        ImageFixtures.AssertEqual(stored, ImageFile.Decode(marked, "marked.jpg", upright: false));
    }

    [Theory]
    [MemberData(nameof(Orientations))]
    public void A_png_names_its_orientation_in_its_own_chunk(int orientation, bool littleEndian)
    {
        PngSamples samples = PngSamples.Random(7, 4, 2, 8, seed: orientation);
        byte[] file = samples.Encode(interlaced: false);
        byte[] marked = [.. file[..33], .. PngSamples.Chunk("eXIf"u8, Tiff(orientation, littleEndian)), .. file[33..]];
        ImageFixtures.AssertEqual(Turned(samples.ToRgb(), orientation), ImageFile.Decode(marked, "marked.png"));
    }

    [Fact]
    public void A_damaged_orientation_leaves_the_picture_as_it_is()
    {
        byte[] file = ImageFixtures.Bytes("exif-rotated-6.jpg");
        int tiff = file.AsSpan().IndexOf("Exif\0\0"u8) + 6;
        RgbImage stored = ImageFixtures.Load("exif-rotated-6.jpg");
        // Byte order, magic number, the directory's place and its count, the tag, its type, a value out of range.
        foreach ((int at, byte value) in new[] { (0, (byte)'X'), (3, (byte)0), (4, (byte)0xFF), (9, (byte)0), (10, (byte)0), (13, (byte)9), (19, (byte)77) })
        {
            byte[] damaged = [.. file];
            damaged[tiff + at] = value;
            ImageFixtures.AssertEqual(stored, ImageFile.Decode(damaged, "damaged.jpg"));
        }
    }

    static byte[] Tiff(int orientation, bool littleEndian) => littleEndian
        ? [(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0, 2, 0, 0x0F, 1, 2, 0, 1, 0, 0, 0, 65, 0, 0, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0]
        : [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 2, 1, 0x0F, 0, 2, 0, 0, 0, 1, 65, 0, 0, 0, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];

    static RgbImage Turned(RgbImage image, int orientation)
    {
        if (orientation >= 5)
            image = Moved(image, image.Height, image.Width, (x, y) => (y, x));
        (int w, int h) = (image.Width, image.Height);
        if (orientation is 2 or 3 or 6 or 7)
            image = Moved(image, w, h, (x, y) => (w - 1 - x, y));
        if (orientation is 3 or 4 or 7 or 8)
            image = Moved(image, w, h, (x, y) => (x, h - 1 - y));
        return image;
    }

    static RgbImage Moved(RgbImage image, int width, int height, Func<int, int, (int X, int Y)> from)
    {
        RgbImage moved = new(width, height);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < 3; c++)
                    moved.Row(y)[3 * x + c] = image.Row(from(x, y).Y)[3 * from(x, y).X + c];
        return moved;
    }
}
