namespace Secateur.Models.Images;

/// <summary>A picture: rows of red, green and blue bytes, without gaps.</summary>
public sealed class RgbImage
{
    /// <summary>The most pixels a picture may have, width times height: Pillow's own limit against decompression bombs.</summary>
    public const int MaximumPixels = 178_956_970;

    /// <summary>A black picture.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or there are more than <see cref="MaximumPixels"/>.</exception>
    public RgbImage(int width, int height)
        : this(width, height, new byte[Bytes(width, height)])
    {
    }

    /// <summary>A picture around bytes that are there already.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">[height, width, 3]; not copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or there are more than <see cref="MaximumPixels"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> has another length.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.Length != Bytes(width, height))
            throw new ArgumentException($"{pixels.Length} bytes for a picture of {width}x{height}x3.", nameof(pixels));
        (Width, Height, Pixels) = (width, height, pixels);
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>[height, width, 3].</summary>
    public byte[] Pixels { get; }

    /// <summary>One row.</summary>
    /// <param name="y">From 0, top first.</param>
    /// <returns>[width, 3].</returns>
    public Span<byte> Row(int y) => Pixels.AsSpan(y * Width * 3, Width * 3);

    static int Bytes(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)width * height, MaximumPixels, nameof(height));
        return width * height * 3;
    }
}
