using Secateur.Evaluation.Pictures;
using Secateur.Models.Images;
using Secateur.Models.Tokens;

namespace Secateur.Tests.Pictures;

public class SurvivorPictureTests
{
    const int Prefix = 1;
    static readonly (int Rows, int Columns) Grid = (2, 3);

    [Fact]
    public void A_strip_holds_the_picture_and_one_panel_a_stage()
    {
        RgbImage input = Picture();
        RgbImage strip = SurvivorPicture.Draw(input, Grid, [TokenMap.Identity(7), TokenMap.Identity(7)], Prefix);
        int gap = (strip.Width - 3 * input.Width) / 2;
        Assert.Equal((3 * input.Width + 2 * gap, input.Height), (strip.Width, strip.Height));
        for (int y = 0; y < input.Height; y++)
            for (int panel = 0; panel < 3; panel++)
                Assert.Equal(input.Row(y).ToArray(), strip.Row(y).Slice(panel * (input.Width + gap) * 3, input.Width * 3).ToArray());
    }

    [Fact]
    public void A_patch_stays_as_it_is_until_it_is_dropped_and_is_grey_from_then_on()
    {
        RgbImage input = Picture();
        // The first stage drops patch 4, and turns the order round; the second drops patch 0, which is then the last token.
        var panels = SurvivorPicture.Panels(input, Grid, [TokenMap.Keep(7, [0, 6, 4, 3, 2, 1]), TokenMap.Keep(6, [0, 1, 2, 3, 4])], Prefix);
        Assert.Equal([[], [4], [0, 4]], panels.Select(panel => Grey(input, panel)));
    }

    [Fact]
    public void Merged_patches_share_one_outline_and_none_between_them()
    {
        RgbImage input = Picture();
        // Patches 0 and 1 (side by side) become one; patch 2 stays.
        TokenMap map = TokenMap.FromGroups([0, 1, 1, 2, 3, 4, 5], 6);
        RgbImage panel = SurvivorPicture.Panels(input, Grid, [map], Prefix)[1];
        byte[] outline = panel.Row(0)[..3].ToArray();
        Assert.Equal(outline, Pixel(panel, 8, 0));   // along the top, past the seam
        Assert.Equal(outline, Pixel(panel, 15, 4));  // the right edge of patch 1
        Assert.NotEqual(outline, Pixel(panel, 7, 4)); // the seam itself
        Assert.NotEqual(outline, Pixel(panel, 8, 4));
        Assert.Equal(Pixel(input, 20, 4), Pixel(panel, 20, 4)); // patch 2
        Assert.Equal(Pixel(input, 16, 4), Pixel(panel, 16, 4));
    }

    [Fact]
    public void Maps_of_another_number_of_tokens_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SurvivorPicture.Draw(Picture(), Grid, [TokenMap.Identity(6)], Prefix));
        Assert.Throws<ArgumentException>(() => SurvivorPicture.Draw(Picture(), Grid, [TokenMap.Keep(7, [0, 1]), TokenMap.Identity(7)], Prefix));
    }

    [Fact]
    public void A_terminal_shows_two_rows_of_pixels_in_a_row_of_half_blocks()
    {
        RgbImage image = new(2, 4, [255, 0, 0, 255, 0, 0, 0, 255, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3, 9, 9, 9, 9, 9, 9]);
        Assert.Equal(
            "\u001b[38;2;255;0;0m\u001b[48;2;0;255;0m▀▀\u001b[0m\n\u001b[38;2;0;0;255m\u001b[48;2;9;9;9m▀\u001b[38;2;1;2;3m▀\u001b[0m\n",
            AnsiPicture.Render(image, 2));
    }

    [Fact]
    public void Strips_and_stacks_keep_every_pixel_and_are_white_elsewhere()
    {
        RgbImage high = new(1, 2), wide = new(3, 1);
        RgbImage strip = PictureStrip.Join([high, wide], gap: 1), stack = PictureStrip.Stack([high, wide], gap: 1);
        Assert.Equal((5, 2), (strip.Width, strip.Height));
        Assert.Equal((3, 4), (stack.Width, stack.Height));
        Assert.Equal([0, 255, 0, 0, 0, 0, 255, 255, 255, 255], strip.Pixels.Where((_, i) => i % 3 == 0));
        Assert.Equal([0, 255, 255, 0, 255, 255, 255, 255, 255, 0, 0, 0], stack.Pixels.Where((_, i) => i % 3 == 0));
    }

    /// <summary>24 x 16 pixels, patches of 8 x 8; every pixel is plainly not grey.</summary>
    static RgbImage Picture()
    {
        RgbImage image = new(24, 16);
        for (int i = 0; i < image.Pixels.Length; i++)
            image.Pixels[i] = (byte)(i % 3 == 0 ? 200 : i % 100);
        return image;
    }

    static byte[] Pixel(RgbImage image, int x, int y) => image.Row(y).Slice(3 * x, 3).ToArray();

    /// <summary>The patches that are grey all over; all others must be untouched.</summary>
    static int[] Grey(RgbImage input, RgbImage panel)
    {
        List<int> grey = [];
        for (int patch = 0; patch < 6; patch++)
        {
            int greyPixels = 0, samePixels = 0;
            for (int y = patch / 3 * 8; y < patch / 3 * 8 + 8; y++)
                for (int x = patch % 3 * 8; x < patch % 3 * 8 + 8; x++)
                {
                    byte[] pixel = Pixel(panel, x, y);
                    greyPixels += pixel[0] == pixel[1] && pixel[1] == pixel[2] && pixel[0] > 190 ? 1 : 0;
                    samePixels += pixel.SequenceEqual(Pixel(input, x, y)) ? 1 : 0;
                }

            Assert.True(greyPixels == 64 || samePixels == 64, $"Patch {patch}: {greyPixels} grey pixels, {samePixels} untouched.");
            if (greyPixels == 64)
                grey.Add(patch);
        }

        return [.. grey];
    }
}
