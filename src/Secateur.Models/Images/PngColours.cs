namespace Secateur.Models.Images;

/// <summary>From the samples of a PNG to RGB, as Pillow's <c>convert("RGB")</c> does it.</summary>
static class PngColours
{
    internal const byte Grey = 0, Rgb = 2, Palette = 3, GreyAlpha = 4, Rgba = 6;

    /// <summary>Converts a whole picture.</summary>
    /// <param name="raw">Rows of samples as the file holds them: each row starts at a byte, 16-bit samples have their high byte first.</param>
    /// <param name="colourType">Of the file.</param>
    /// <param name="depth">Bits a sample.</param>
    /// <param name="palette">[256, 3].</param>
    /// <param name="image">Receives the result.</param>
    /// <remarks>Alpha is left out, not blended. Grey below 8 bits is spread over 0..255; grey of 16 bits is cut off at 255 (Pillow reads it
    /// as integers); every other 16-bit sample keeps its high byte.</remarks>
    internal static void ToRgb(ReadOnlySpan<byte> raw, byte colourType, int depth, ReadOnlySpan<byte> palette, RgbImage image)
    {
        int samples = colourType switch { Rgb => 3, GreyAlpha => 2, Rgba => 4, _ => 1 };
        int stride = (image.Width * samples * depth + 7) / 8;
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<byte> from = raw.Slice(y * stride, stride);
            Span<byte> to = image.Row(y);
            if (colourType == Rgb && depth == 8)
                from.CopyTo(to);
            else if (colourType is Rgb or Rgba)
                for (int x = 0; x < image.Width; x++)
                    for (int c = 0; c < 3; c++)
                        to[3 * x + c] = from[(x * samples + c) * depth / 8];
            else if (colourType == Palette)
                for (int x = 0; x < image.Width; x++)
                    palette.Slice(3 * Sample(from, x, depth), 3).CopyTo(to[(3 * x)..]);
            else
                for (int x = 0; x < image.Width; x++)
                    to.Slice(3 * x, 3).Fill(GreyValue(from, x, samples, depth));
        }
    }

    static byte GreyValue(ReadOnlySpan<byte> row, int x, int samples, int depth) => depth switch
    {
        16 when samples == 1 => row[2 * x] == 0 ? row[2 * x + 1] : (byte)255,
        16 => row[4 * x],
        8 => row[samples * x],
        _ => (byte)(Sample(row, x, depth) * (255 / ((1 << depth) - 1))),
    };

    /// <summary>The sample at x of a row of packed samples, leftmost in the high bits.</summary>
    static int Sample(ReadOnlySpan<byte> row, int x, int depth)
    {
        int bit = x * depth;
        return (row[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }
}
