using Secateur.Models.Images;

namespace Secateur.Evaluation.Pictures;

/// <summary>The pixels of a patch: columns [left, right) and rows [top, bottom).</summary>
readonly record struct PatchArea(int Left, int Top, int Right, int Bottom)
{
    static readonly Colour LightGrey = new(232, 232, 232);

    /// <summary>Where a patch lies, also in a picture whose sides the grid does not divide.</summary>
    internal static PatchArea Of(RgbImage image, (int Rows, int Columns) grid, int row, int column) => new(
        column * image.Width / grid.Columns,
        row * image.Height / grid.Rows,
        (column + 1) * image.Width / grid.Columns,
        (row + 1) * image.Height / grid.Rows);

    /// <summary>Leaves a shadow of the picture in light grey.</summary>
    internal void Fade(RgbImage image)
    {
        for (int y = Top; y < Bottom; y++)
            for (int x = Left; x < Right; x++)
            {
                Span<byte> pixel = image.Row(y).Slice(3 * x, 3);
                pixel.Fill((byte)((299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2]) / 1000));
                LightGrey.MixInto(pixel, 85);
            }
    }

    /// <summary>Gives the patch a breath of a colour.</summary>
    internal void Tint(RgbImage image, Colour colour)
    {
        for (int y = Top; y < Bottom; y++)
            for (int x = Left; x < Right; x++)
                colour.MixInto(image.Row(y).Slice(3 * x, 3), 20);
    }

    /// <summary>Draws a line inside the sides that are asked for.</summary>
    internal void Outline(RgbImage image, Colour colour, bool left, bool right, bool top, bool bottom)
    {
        int thick = Math.Max(1, (Right - Left) / 12);
        for (int y = Top; y < Bottom; y++)
            for (int x = Left; x < Right; x++)
                if ((left && x < Left + thick) || (right && x >= Right - thick) || (top && y < Top + thick) || (bottom && y >= Bottom - thick))
                    colour.MixInto(image.Row(y).Slice(3 * x, 3), 100);
    }
}
