using System.Buffers.Binary;
using System.IO.Compression;

namespace Secateur.Models.Images;

/// <summary>Writes pictures as PNG (8-bit RGB), without any native library.</summary>
public static class PngWriter
{
    static readonly uint[] CrcTable = MakeCrcTable();

    /// <summary>A picture as the bytes of a PNG file.</summary>
    /// <param name="image">The picture.</param>
    /// <returns>The whole file.</returns>
    public static byte[] Encode(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        using MemoryStream file = new();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        (header[8], header[9]) = (8, PngColours.Rgb);
        header[10..].Clear();
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Deflate(image));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>Writes a picture beside its target, then renames it, so that the target is never half-written.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="path">Where to; replaced if it exists.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Save(RgbImage image, string path)
    {
        string beside = path + ".part";
        File.WriteAllBytes(beside, Encode(image));
        File.Move(beside, path, overwrite: true);
    }

    /// <summary>Each row is kept as its difference from the row above: flat pictures become zeros.</summary>
    static ReadOnlySpan<byte> Deflate(RgbImage image)
    {
        const byte Up = 2;
        MemoryStream deflated = new();
        using (ZLibStream zlib = new(deflated, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] line = new byte[1 + image.Width * 3];
            line[0] = Up;
            for (int y = 0; y < image.Height; y++)
            {
                ReadOnlySpan<byte> row = image.Row(y);
                if (y == 0)
                    row.CopyTo(line.AsSpan(1));
                else
                    for (int x = 0; x < row.Length; x++)
                        line[1 + x] = (byte)(row[x] - image.Row(y - 1)[x]);
                zlib.Write(line);
            }
        }

        return deflated.GetBuffer().AsSpan(0, (int)deflated.Length);
    }

    static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> body)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
        file.Write(number);
        file.Write(kind);
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, kind), body));
        file.Write(number);
    }

    /// <summary>CRC-32 as PNG uses it (PNG specification, annex D).</summary>
    static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
            crc = CrcTable[(byte)(crc ^ b)] ^ (crc >> 8);
        return crc;
    }

    static uint[] MakeCrcTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
            table[i] = crc;
        }

        return table;
    }
}
