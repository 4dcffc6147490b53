using System.Buffers.Binary;
using System.IO.Compression;
using Secateur.Models.Images;

namespace Secateur.Tests.Images;

/// <summary>A PNG of any kind, sample by sample, for tests: encodes itself and knows what Pillow would show.</summary>
internal sealed class PngSamples(int width, int height, byte colourType, byte depth, int[] values, byte[] palette)
{
    int Channels => colourType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    public static PngSamples Random(int width, int height, byte colourType, byte depth, int seed)
    {
        Random random = new(seed);
        int[] values = new int[width * height * 4];
        // Half of the 16-bit samples are below 256, so that cutting off at 255 shows.
        for (int i = 0; i < values.Length; i++)
            values[i] = random.Next(depth == 16 && random.Next(2) == 0 ? 256 : 1 << depth);
        byte[] palette = new byte[3 << Math.Min((int)depth, 8)];
        random.NextBytes(palette);
        return new(width, height, colourType, depth, values, palette);
    }

    /// <summary>Pillow: grey spread over 0..255, 16-bit grey cut off at 255, other 16-bit samples by their high byte, alpha left out.</summary>
    public RgbImage ToRgb()
    {
        RgbImage image = new(width, height);
        for (int i = 0; i < width * height; i++)
            for (int c = 0; c < 3; c++)
            {
                int value = values[i * Channels + (colourType is 2 or 6 ? c : 0)];
                image.Pixels[i * 3 + c] = (byte)(colourType == 3 ? palette[value * 3 + c]
                    : depth == 16 && colourType == 0 ? Math.Min(value, 255)
                    : depth == 16 ? value >> 8
                    : value * 255 / ((1 << depth) - 1));
            }

        return image;
    }

    public byte[] Encode(bool interlaced)
    {
        using MemoryStream data = new();
        using (ZLibStream zlib = new(data, CompressionLevel.Fastest, leaveOpen: true))
            if (interlaced)
                foreach ((int x, int y, int dx, int dy) in new[] { (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2) })
                    WriteRows(zlib, x, y, dx, dy);
            else
                WriteRows(zlib, 0, 0, 1, 1);

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = (depth, colourType, (byte)(interlaced ? 1 : 0));
        return
        [
            0x89, .. "PNG\r\n\u001A\n"u8, .. Chunk("IHDR"u8, header), .. colourType == 3 ? Chunk("PLTE"u8, palette) : [],
            .. Chunk("IDAT"u8, data.ToArray()), .. Chunk("IEND"u8, []),
        ];
    }

    /// <summary>A chunk with its length and check sum.</summary>
    public static byte[] Chunk(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> body)
    {
        byte[] chunk = [0, 0, 0, 0, .. kind, .. body, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + body.Length), Crc(chunk.AsSpan(4, 4 + body.Length)));
        return chunk;
    }

    /// <summary>CRC-32, bit by bit.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((((crc ^ (uint)(b >> bit)) & 1) != 0) ? 0xEDB88320u : 0);
        return ~crc;
    }

    void WriteRows(ZLibStream zlib, int x0, int y0, int dx, int dy)
    {
        for (int y = y0; y < height && x0 < width; y += dy)
        {
            List<byte> row = [0];
            int bits = 0;
            for (int x = x0; x < width; x += dx)
                for (int c = 0; c < Channels; c++)
                    for (int bit = depth - 1; bit >= 0; bit--, bits++)
                    {
                        if (bits % 8 == 0)
                            row.Add(0);
                        row[^1] |= (byte)(((values[(y * width + x) * Channels + c] >> bit) & 1) << (7 - bits % 8));
                    }

            zlib.Write([.. row]);
        }
    }
}
