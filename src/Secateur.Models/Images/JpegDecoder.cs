using System.Buffers;
using System.Runtime.InteropServices;
using Secateur.Models.Images.Native;

namespace Secateur.Models.Images;

/// <summary>JPEG through libjpeg-turbo: the exact integer DCT and smooth upsampling, which are what Pillow asks it for.</summary>
static class JpegDecoder
{
    /// <summary>Pictures up to this size are decoded whatever their file's length.</summary>
    const int AlwaysAllowedPixels = 1 << 24;

    /// <summary>A Huffman code takes a bit or more, and a block covers at most 32x32 pixels: 8 * 1024 pixels a byte.</summary>
    const int PixelsPerByte = 8192;

    internal static RgbImage Decode(ReadOnlySpan<byte> file, string name)
    {
        ImageLibraries.Require(ImageLibraries.TurboJpeg, name);
        using TurboJpeg.DecompressHandle handle = TurboJpeg.InitDecompress();
        if (handle.IsInvalid)
            throw new ImageException($"{name}: libjpeg-turbo could not start (out of memory).");

        // A rare subsampling is reported as an error after the size is set, and does not hinder decoding.
        (int width, int height, int subsampling, int space) = (0, 0, -1, -1);
        int header = TurboJpeg.DecompressHeader(handle, file, new CULong((uint)file.Length), ref width, ref height, ref subsampling, ref space);
        if (width < 1 || height < 1 || space < 0)
            throw Damaged(name, header != 0 ? TurboJpeg.Error(handle) : "no picture in it");
        ImageFile.CheckSize(width, height, name);
        int pixels = width * height;
        if (pixels > AlwaysAllowedPixels && pixels / PixelsPerByte > file.Length)
            throw Damaged(name, $"{file.Length} bytes cannot hold {width}x{height} pixels");

        if (space is not (TurboJpeg.SpaceCmyk or TurboJpeg.SpaceYcck))
        {
            RgbImage image = new(width, height);
            Decompress(handle, file, image.Pixels, width, height, 3, TurboJpeg.FormatRgb, name);
            return image;
        }

        byte[] inks = ArrayPool<byte>.Shared.Rent(pixels * 4);
        try
        {
            Decompress(handle, file, inks.AsSpan(0, pixels * 4), width, height, 4, TurboJpeg.FormatCmyk, name);
            return FromInverseCmyk(inks, width, height);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(inks);
        }
    }

    static void Decompress(
        TurboJpeg.DecompressHandle handle, ReadOnlySpan<byte> file, Span<byte> pixels, int width, int height, int channels, int format, string name)
    {
        pixels.Clear();
        int result = TurboJpeg.Decompress(
            handle, file, new CULong((uint)file.Length), pixels, width, width * channels, height, format, TurboJpeg.AccurateDct | TurboJpeg.LimitScans);
        if (result == 0)
            return;
        if (TurboJpeg.IsFatal(handle))
            throw Damaged(name, TurboJpeg.Error(handle));

        // A warning: stray or wrong bytes, which Pillow passes over too, unless the file stops early.
        if (!JpegSegment.HasEnd(file))
            throw Damaged(name, TurboJpeg.Error(handle));
    }

    /// <summary>Inks as Adobe writes them (255 is none) to light, with Pillow's rounding.</summary>
    static RgbImage FromInverseCmyk(ReadOnlySpan<byte> inks, int width, int height)
    {
        RgbImage image = new(width, height);
        Span<byte> rgb = image.Pixels;
        for (int i = 0; i < width * height; i++)
        {
            int light = inks[4 * i + 3];
            for (int c = 0; c < 3; c++)
            {
                int product = (255 - inks[4 * i + c]) * light + 128;
                rgb[3 * i + c] = (byte)Math.Max(0, light - (((product >> 8) + product) >> 8));
            }
        }

        return image;
    }

    static ImageException Damaged(string name, string why) =>
        new($"{name}: the JPEG is truncated or damaged (libjpeg-turbo: {why}). Get the file again.");
}
