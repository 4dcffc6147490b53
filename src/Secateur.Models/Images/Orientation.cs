using System.Buffers.Binary;

namespace Secateur.Models.Images;

/// <summary>Which way up a camera held a picture (EXIF tag 0x0112), and turning it back.</summary>
static class Orientation
{
    const ushort Tag = 0x0112;

    /// <summary>The orientation that a JPEG or PNG file names, 1 to 8; 1 (upright) where it names none that can be read.</summary>
    internal static int Find(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]))
            return FromTiff(PngChunk(file, "eXIf"u8));
        foreach (JpegSegment segment in JpegSegment.Walk(file))
        {
            ReadOnlySpan<byte> body = file[segment.Start..segment.End];
            if (segment.Marker == JpegSegment.App1 && body.StartsWith("Exif\0\0"u8))
                return FromTiff(body[6..]);
        }

        return 1;
    }

    /// <summary>A picture turned upright (CIPA DC-008, 4.6.4 A, "Orientation").</summary>
    /// <param name="image">As it is stored.</param>
    /// <param name="orientation">1 to 8: where its first row and first column belong.</param>
    internal static RgbImage Apply(RgbImage image, int orientation)
    {
        if (orientation == 1)
            return image;
        (int width, int height) = (image.Width, image.Height);
        RgbImage upright = orientation >= 5 ? new(height, width) : new(width, height);
        for (int y = 0; y < upright.Height; y++)
            for (int x = 0; x < upright.Width; x++)
            {
                (int fromX, int fromY) = orientation switch
                {
                    2 => (width - 1 - x, y),
                    3 => (width - 1 - x, height - 1 - y),
                    4 => (x, height - 1 - y),
                    5 => (y, x),
                    6 => (y, height - 1 - x),
                    7 => (width - 1 - y, height - 1 - x),
                    _ => (width - 1 - y, x),
                };
                image.Pixels.AsSpan((fromY * width + fromX) * 3, 3).CopyTo(upright.Pixels.AsSpan((y * upright.Width + x) * 3));
            }

        return upright;
    }

    /// <summary>The orientation in the first directory of a TIFF header, 1 where there is none.</summary>
    static int FromTiff(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return 1;
        bool little = tiff[0] == 'I';
        if (tiff[0] != tiff[1] || !(little || tiff[0] == 'M') || Word(tiff, 2, little) != 42)
            return 1;
        uint directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
            return 1;
        int count = Word(tiff, (int)directory, little);
        for (int i = 0, at = (int)directory + 2; i < count && at + 12 <= tiff.Length; i++, at += 12)
            if (Word(tiff, at, little) == Tag && Word(tiff, at + 2, little) == 3)
                return Word(tiff, at + 8, little) is >= 1 and <= 8 and int orientation ? orientation : 1;
        return 1;
    }

    static int Word(ReadOnlySpan<byte> tiff, int at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(tiff[at..]) : BinaryPrimitives.ReadUInt16BigEndian(tiff[at..]);

    /// <summary>The body of the first chunk of a kind, empty where there is none.</summary>
    static ReadOnlySpan<byte> PngChunk(ReadOnlySpan<byte> file, ReadOnlySpan<byte> kind)
    {
        int at = 8;
        while (at + 12 <= file.Length)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - 12)
                break;
            if (file.Slice(at + 4, 4).SequenceEqual(kind))
                return file.Slice(at + 8, (int)length);
            at += 12 + (int)length;
        }

        return [];
    }
}
