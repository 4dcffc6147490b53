using Secateur.Models.Images;

namespace Secateur.Tests.Images;

public class ResizeTests
{
    public static TheoryData<string> Expected => [.. ImageFixtures.Names("/resize.")];

    public static TheoryData<ResampleFilter> Filters => [.. Enum.GetValues<ResampleFilter>()];

    [Theory]
    [MemberData(nameof(Expected))]
    public void A_resized_picture_has_the_bits_of_Pillow(string name)
    {
        // FILE/resize.FILTER.WxH
        string[] parts = name.Split('/')[1].Split('.');
        string[] size = parts[2].Split('x');
        RgbImage resized = Resize.To(
            ImageFixtures.Get(name.Split('/')[0] + "/decoded_rgb"), int.Parse(size[0]), int.Parse(size[1]), Enum.Parse<ResampleFilter>(parts[1], ignoreCase: true));
        ImageFixtures.AssertEqual(ImageFixtures.Get(name), resized);
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void Every_pair_of_sizes_up_to_40_equals_the_plain_twin(ResampleFilter filter)
    {
        Random random = new(40);
        for (int from = 1; from <= 40; from++)
            for (int to = 1; to <= 40; to++)
            {
                // Widths take every pair, heights a random one.
                RgbImage image = ImageFixtures.Noise(from, random.Next(1, 41), seed: from * 41 + to);
                int height = random.Next(1, 41);
                ImageFixtures.AssertEqual(PlainResize.To(image, to, height, filter), Resize.To(image, to, height, filter));
            }
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void A_picture_resized_to_its_own_size_is_itself(ResampleFilter filter)
    {
        RgbImage image = ImageFixtures.Noise(31, 17, seed: 1);
        Assert.Same(image, Resize.To(image, 31, 17, filter));
        ImageFixtures.AssertEqual(image, Resize.Window(image, 31, 17, filter, 0, 0, 31, 17));
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void One_colour_stays_that_colour(ResampleFilter filter)
    {
        RgbImage image = new(23, 37);
        for (int i = 0; i < image.Pixels.Length; i++)
            image.Pixels[i] = (byte)((i % 3) switch { 0 => 255, 1 => 0, _ => 131 });
        foreach ((int width, int height) in new[] { (1, 1), (7, 50), (100, 3), (23, 5), (64, 37) })
        {
            RgbImage resized = Resize.To(image, width, height, filter);
            for (int i = 0; i < resized.Pixels.Length; i++)
                Assert.Equal(image.Pixels[i % 3], resized.Pixels[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void A_window_is_a_crop_of_the_resized_picture(ResampleFilter filter)
    {
        Random random = new(7);
        for (int i = 0; i < 60; i++)
        {
            RgbImage image = ImageFixtures.Noise(random.Next(1, 60), random.Next(1, 60), seed: i);
            (int width, int height) = (random.Next(1, 60), random.Next(1, 60));
            (int left, int top) = (random.Next(width), random.Next(height));
            (int columns, int rows) = (random.Next(1, width - left + 1), random.Next(1, height - top + 1));
            RgbImage whole = Resize.To(image, width, height, filter);
            RgbImage window = Resize.Window(image, width, height, filter, left, top, columns, rows);
            for (int y = 0; y < rows; y++)
                Assert.Equal(whole.Row(top + y).Slice(left * 3, columns * 3).ToArray(), window.Row(y).ToArray());
        }
    }

    [Fact]
    public void A_window_outside_the_resized_picture_is_refused()
    {
        RgbImage image = new(4, 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => Resize.Window(image, 8, 8, ResampleFilter.Bicubic, 5, 0, 4, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Resize.Window(image, 8, 8, ResampleFilter.Bicubic, 0, -1, 4, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Resize.To(image, 0, 8, ResampleFilter.Bicubic));
    }
}
