using System.Text;
using Secateur.Models.Images;

namespace Secateur.Evaluation.Pictures;

/// <summary>A picture for a terminal: a character cell shows two pixels, the upper one as a half block, the lower one as its background.</summary>
public static class AnsiPicture
{
    const string Reset = "\u001b[0m";

    /// <summary>Renders a picture in 24-bit colour.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="columns">Width of the result, character cells.</param>
    /// <returns>Lines that end with "\n"; each leaves the terminal's colours as they were.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is not positive.</exception>
    public static string Render(RgbImage image, int columns)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        // A cell is about twice as high as wide: its halves are square. An even number of them fills all cells.
        int pixelRows = Math.Max(2, (int)Math.Round((double)columns * image.Height / image.Width / 2) * 2);
        RgbImage small = Resize.To(image, columns, pixelRows, ResampleFilter.Box);
        StringBuilder text = new();
        for (int y = 0; y < pixelRows; y += 2)
        {
            Span<byte> upper = small.Row(y), lower = small.Row(y + 1);
            for (int x = 0; x < upper.Length; x += 3)
            {
                // A colour is written where it changes.
                if (x == 0 || !upper.Slice(x, 3).SequenceEqual(upper.Slice(x - 3, 3)))
                    text.Append($"\u001b[38;2;{upper[x]};{upper[x + 1]};{upper[x + 2]}m");
                if (x == 0 || !lower.Slice(x, 3).SequenceEqual(lower.Slice(x - 3, 3)))
                    text.Append($"\u001b[48;2;{lower[x]};{lower[x + 1]};{lower[x + 2]}m");
                text.Append('▀');
            }

            text.Append(Reset).Append('\n');
        }

        return text.ToString();
    }
}
