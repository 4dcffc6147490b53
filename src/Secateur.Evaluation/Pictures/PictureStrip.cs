using Secateur.Models.Images;

namespace Secateur.Evaluation.Pictures;

/// <summary>Puts pictures beside or below one another.</summary>
public static class PictureStrip
{
    /// <summary>Pictures from left to right on white, top edges in line.</summary>
    /// <param name="pictures">At least one.</param>
    /// <param name="gap">White columns between them, pixels.</param>
    /// <returns>As high as the highest.</returns>
    /// <exception cref="ArgumentException">There are no pictures.</exception>
    public static RgbImage Join(IReadOnlyList<RgbImage> pictures, int gap)
    {
        RequireSome(pictures);
        RgbImage strip = White(pictures.Sum(p => p.Width) + gap * (pictures.Count - 1), pictures.Max(p => p.Height));
        int left = 0;
        foreach (RgbImage picture in pictures)
        {
            for (int y = 0; y < picture.Height; y++)
                picture.Row(y).CopyTo(strip.Row(y)[(3 * left)..]);
            left += picture.Width + gap;
        }

        return strip;
    }

    /// <summary>Pictures from top to bottom on white, left edges in line.</summary>
    /// <param name="pictures">At least one.</param>
    /// <param name="gap">White rows between them, pixels.</param>
    /// <returns>As wide as the widest.</returns>
    /// <exception cref="ArgumentException">There are no pictures.</exception>
    public static RgbImage Stack(IReadOnlyList<RgbImage> pictures, int gap)
    {
        RequireSome(pictures);
        RgbImage stack = White(pictures.Max(p => p.Width), pictures.Sum(p => p.Height) + gap * (pictures.Count - 1));
        int top = 0;
        foreach (RgbImage picture in pictures)
        {
            for (int y = 0; y < picture.Height; y++)
                picture.Row(y).CopyTo(stack.Row(top + y));
            top += picture.Height + gap;
        }

        return stack;
    }

    /// <summary>Pictures from left to right like words of a text: a new line after some, left edges in line.</summary>
    /// <param name="pictures">At least one.</param>
    /// <param name="columns">The most in a line, at least 1.</param>
    /// <param name="gap">White pixels between them and between lines.</param>
    /// <returns>As wide as the widest line.</returns>
    /// <exception cref="ArgumentException">There are no pictures.</exception>
    public static RgbImage Wrap(IReadOnlyList<RgbImage> pictures, int columns, int gap)
    {
        RequireSome(pictures);
        return Stack([.. pictures.Chunk(columns).Select(line => Join(line, gap))], gap);
    }

    static void RequireSome(IReadOnlyList<RgbImage> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (pictures.Count == 0)
            throw new ArgumentException("No pictures to put together.", nameof(pictures));
    }

    static RgbImage White(int width, int height)
    {
        RgbImage image = new(width, height);
        Array.Fill(image.Pixels, (byte)255);
        return image;
    }
}
