using System.Buffers;

namespace Secateur.Models.Images;

/// <summary>Resizes pictures to the same bits as Pillow's <c>Image.resize</c>, on every machine.</summary>
public static class Resize
{
    /// <summary>A picture at another size.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="width">Columns of the result.</param>
    /// <param name="height">Rows of the result.</param>
    /// <param name="filter">How pixels are mixed; shrinking widens its reach, so that nothing is skipped (save with
    /// <see cref="ResampleFilter.Nearest"/>).</param>
    /// <returns>The resized picture; <paramref name="image"/> itself if it has that size.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or there are more than <see cref="RgbImage.MaximumPixels"/>.</exception>
    public static RgbImage To(RgbImage image, int width, int height, ResampleFilter filter)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Width == width && image.Height == height ? image : Window(image, width, height, filter, 0, 0, width, height);
    }

    /// <summary>A window of a resized picture: only its own pixels are computed.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="width">Columns of the whole resized picture.</param>
    /// <param name="height">Rows of the whole resized picture.</param>
    /// <param name="filter">How pixels are mixed.</param>
    /// <param name="left">First column of the window.</param>
    /// <param name="top">First row of the window.</param>
    /// <param name="columns">Columns of the window.</param>
    /// <param name="rows">Rows of the window.</param>
    /// <returns>The window, equal bit for bit to a crop of <see cref="To"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The window does not lie inside the resized picture, or has too many pixels.</exception>
    public static RgbImage Window(RgbImage image, int width, int height, ResampleFilter filter, int left, int top, int columns, int rows)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        RgbImage result = new(columns, rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)left + columns, width, nameof(columns));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)top + rows, height, nameof(rows));
        if (filter == ResampleFilter.Nearest)
            Nearest(image, width, height, left, top, result);
        else
            Filtered(image, width, height, filter, left, top, result);
        return result;
    }

    /// <summary>Columns first, over the rows that the result needs; then rows. Between the two, pixels are rounded to bytes.</summary>
    static void Filtered(RgbImage image, int width, int height, ResampleFilter filter, int left, int top, RgbImage result)
    {
        ResampleWeights? down = image.Height == height ? null : new(filter, image.Height, height, top, result.Height);
        int firstRow = down is null ? top : down.Start[0];
        int rows = down is null ? result.Height : down.Start[^1] + down.Used[^1] - firstRow;
        int stride = result.Width * 3;
        // A byte of slack: a pixel is written as four bytes.
        byte[] lines = ArrayPool<byte>.Shared.Rent(checked(rows * stride + 1));
        try
        {
            ResampleColumns(image, width, filter, left, result.Width, firstRow, rows, lines);
            if (down is null)
                lines.AsSpan(0, result.Pixels.Length).CopyTo(result.Pixels);
            else
                for (int y = 0; y < result.Height; y++)
                    ResampleLine.Down(
                        lines.AsSpan((down.Start[y] - firstRow) * stride, down.Used[y] * stride),
                        down.Values.AsSpan(y * down.Taps, down.Used[y]),
                        result.Row(y));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(lines);
        }
    }

    static void ResampleColumns(RgbImage image, int width, ResampleFilter filter, int left, int columns, int firstRow, int rows, byte[] lines)
    {
        int stride = columns * 3;
        if (image.Width == width)
        {
            for (int y = 0; y < rows; y++)
                image.Row(firstRow + y).Slice(left * 3, stride).CopyTo(lines.AsSpan(y * stride));
            return;
        }

        ResampleWeights across = new(filter, image.Width, width, left, columns);
        int[] spread = ArrayPool<int>.Shared.Rent((image.Width + across.Taps) * 4);
        try
        {
            for (int y = 0; y < rows; y++)
                ResampleLine.Across(image.Row(firstRow + y), across, spread, lines.AsSpan(y * stride, stride + 1));
        }
        finally
        {
            ArrayPool<int>.Shared.Return(spread);
        }
    }

    static void Nearest(RgbImage image, int width, int height, int left, int top, RgbImage result)
    {
        int[] x = NearestOf(image.Width, width, left, result.Width);
        int[] y = NearestOf(image.Height, height, top, result.Height);
        for (int row = 0; row < y.Length; row++)
        {
            ReadOnlySpan<byte> from = image.Row(y[row]);
            Span<byte> to = result.Row(row);
            for (int column = 0; column < x.Length; column++)
                from.Slice(x[column] * 3, 3).CopyTo(to[(column * 3)..]);
        }
    }

    /// <summary>The pixel under each centre. Positions are added up step by step, as in Pillow, since rounding shows.</summary>
    static int[] NearestOf(int from, int to, int first, int count)
    {
        int[] source = new int[count];
        double step = (double)from / to;
        double position = step * 0.5;
        for (int i = 0; i < first + count; i++, position += step)
            if (i >= first)
                source[i - first] = Math.Min((int)position, from - 1);
        return source;
    }
}
