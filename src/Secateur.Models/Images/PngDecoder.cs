using System.Buffers;
using Secateur.Models.Images.Native;

namespace Secateur.Models.Images;

/// <summary>PNG through libspng: every colour type and depth, interlaced or not.</summary>
static class PngDecoder
{
    /// <summary>Deflate never shrinks bytes by more than this factor.</summary>
    const int DeflateLimit = 1032;

    /// <summary>For chunks that are kept in memory (texts, profiles), bytes.</summary>
    const int ChunkLimit = 1 << 26;

    internal static RgbImage Decode(ReadOnlySpan<byte> file, string name)
    {
        ImageLibraries.Require(ImageLibraries.Spng, name);
        int length = file.Length;
        return Spng.With(file, name, (context, name) => Decode(context, length, name));
    }

    static RgbImage Decode(nint context, int fileLength, string name)
    {
        Spng.Check(Spng.SetImageLimits(context, RgbImage.MaximumPixels, RgbImage.MaximumPixels), name);
        Spng.Check(Spng.SetChunkLimits(context, ChunkLimit, ChunkLimit), name);
        Spng.Check(Spng.GetHeader(context, out Spng.Header header), name);
        ImageFile.CheckSize(header.Width, header.Height, name);
        Spng.Check(Spng.DecodedSize(context, Spng.FormatRaw, out nuint size), name);
        if (size > (nuint)Array.MaxLength || (long)size / DeflateLimit > fileLength)
            throw new ImageException(
                $"{name}: the PNG is truncated or damaged ({fileLength} bytes cannot hold {header.Width}x{header.Height} pixels). Get the file again.");

        Span<byte> palette = stackalloc byte[256 * 3];
        if (header.ColourType == PngColours.Palette)
            ReadPalette(context, palette, name);

        int bytes = (int)size;
        byte[] raw = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            // libspng adds the bits of an interlaced picture to those that are there.
            raw.AsSpan(0, bytes).Clear();
            Spng.Check(Spng.Decode(context, raw.AsSpan(0, bytes), size, Spng.FormatRaw, 0), name);
            RgbImage image = new((int)header.Width, (int)header.Height);
            PngColours.ToRgb(raw.AsSpan(0, bytes), header.ColourType, header.BitDepth, palette, image);
            return image;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(raw);
        }
    }

    /// <summary>The palette; what the file leaves out of it is a ramp of grey, as in Pillow.</summary>
    static void ReadPalette(nint context, Span<byte> palette, string name)
    {
        Spng.Check(Spng.GetPalette(context, out Spng.Palette found), name);
        for (int i = 0; i < 256; i++)
            for (int c = 0; c < 3; c++)
                palette[3 * i + c] = i < found.Count ? found.Colours[4 * i + c] : (byte)i;
    }
}
