using Secateur.Models.Images;
using Secateur.Models.Vit;

namespace Secateur.Tests.Images;

public class PreprocessorTests
{
    public static TheoryData<string> Crops => [.. ImageFixtures.Names("/short-side-")];

    public static TheoryData<string> Squashed => [.. ImageFixtures.Names("/squash-")];

    [Theory]
    [MemberData(nameof(Crops))]
    public void Short_side_and_centre_crop_have_the_bits_of_the_reference(string name)
    {
        // FILE/short-side-S.centre-C
        string[] numbers = name.Split('/')[1].Replace("short-side-", "", StringComparison.Ordinal).Split(".centre-");
        ImagePreprocessing rules = new() { ShortSide = int.Parse(numbers[0]), Size = (int.Parse(numbers[1]), int.Parse(numbers[1])) };
        ImageFixtures.AssertEqual(ImageFixtures.Get(name), Preprocessor.Crop(ImageFixtures.Get(name.Split('/')[0] + "/decoded_rgb"), rules));
    }

    [Theory]
    [MemberData(nameof(Squashed))]
    public void A_squashed_picture_has_the_bits_of_the_reference(string name)
    {
        RgbImage image = ImageFixtures.Get(name.Split('/')[0] + "/decoded_rgb");
        ImageFixtures.AssertEqual(ImageFixtures.Get(name), Preprocessor.Crop(image, new() { CropMode = "squash", CropFraction = 1 }));
        ImageFixtures.AssertEqual(ImageFixtures.Get(name), Preprocessor.Crop(image, new() { ResizeTo = (224, 224) }));
    }

    // The columns: picture, rules, then the resized size and the offsets. 500x377 in "border": 377 * 224 / 500 = 168.9.
    [Theory]
    [InlineData(331, 247, 224, 0.9, "center", "half-even", 332, 248, 54, 12)]
    [InlineData(500, 375, 224, 0.875, "center", "half-even", 341, 256, 58, 16)]
    [InlineData(375, 500, 224, 0.875, "center", "half-even", 256, 341, 16, 58)]
    [InlineData(500, 375, 224, 0.875, "center", "down", 341, 256, 58, 16)]
    [InlineData(343, 256, 224, 0.875, "center", "half-even", 343, 256, 60, 16)]
    [InlineData(343, 256, 224, 0.875, "center", "down", 343, 256, 59, 16)]
    [InlineData(500, 375, 224, 0.875, "squash", "half-even", 256, 256, 16, 16)]
    [InlineData(500, 375, 224, 1.0, "border", "half-even", 224, 168, 0, -28)]
    [InlineData(500, 377, 224, 1.0, "border", "half-even", 224, 169, 0, -27)]
    [InlineData(500, 377, 224, 1.0, "border", "down", 224, 169, 0, -28)]
    [InlineData(100, 500, 384, 1.0, "center", "half-even", 384, 1920, 0, 768)]
    public void Sizes_and_offsets_are_those_of_the_reference_frameworks(
        int width, int height, int size, double fraction, string mode, string rounding, int resizedWidth, int resizedHeight, int left, int top)
    {
        ImagePreprocessing rules = new() { Size = (size, size), CropFraction = fraction, CropMode = mode, CropRounding = rounding };
        Assert.Equal(new InputGeometry(resizedWidth, resizedHeight, left, top), InputGeometry.Of(width, height, rules));
    }

    [Fact]
    public void An_input_that_is_not_square_keeps_the_shape_of_the_picture() =>
        Assert.Equal(new InputGeometry(400, 300, 8, 6), InputGeometry.Of(800, 600, new() { Size = (288, 384), CropFraction = 0.96 }));

    [Fact]
    public void Both_sides_can_be_named_by_the_checkpoint() =>
        Assert.Equal(new InputGeometry(256, 240, 16, 8), InputGeometry.Of(999, 10, new() { ResizeTo = (240, 256), CropRounding = "down" }));

    [Theory]
    [InlineData("center", 0, 0, 0)]
    [InlineData("border", 124, 116, 104)]
    public void What_a_crop_has_no_picture_for_is_black_or_in_border_mode_the_mean_colour(string mode, int red, int green, int blue)
    {
        RgbImage white = new(40, 20);
        Array.Fill(white.Pixels, (byte)255);
        RgbImage input = Preprocessor.Crop(white, new() { Size = (32, 32), CropMode = mode, CropFraction = mode == "center" ? 2 : 1 });
        // "center" at twice the size: the short side is 16, the long one 32. "border": the long side is 32, the short one 16.
        Assert.Equal([(byte)red, (byte)green, (byte)blue], input.Row(7)[..3].ToArray());
        Assert.Equal([255, 255, 255], input.Row(8)[..3].ToArray());
        Assert.Equal([255, 255, 255], input.Row(23)[..3].ToArray());
        Assert.Equal([(byte)red, (byte)green, (byte)blue], input.Row(24)[..3].ToArray());
    }

    [Fact]
    public void Values_are_normalised_in_float32_step_by_step_and_laid_out_in_planes()
    {
        RgbImage image = ImageFixtures.Noise(5, 3, seed: 2);
        ImagePreprocessing rules = new() { Size = (3, 5), ResizeTo = (3, 5) };
        float[] destination = new float[45];
        Preprocessor.Run(image, rules, destination);
        float[] mean = [rules.Mean.Red, rules.Mean.Green, rules.Mean.Blue], deviation = [rules.Deviation.Red, rules.Deviation.Green, rules.Deviation.Blue];
        for (int i = 0; i < 45; i++)
        {
            float scaled = image.Pixels[i % 15 * 3 + i / 15] / 255f;
            float shifted = scaled - mean[i / 15];
            Assert.Equal(shifted / deviation[i / 15], destination[i]);
        }
    }

    [Fact]
    public void A_rule_that_is_unknown_or_out_of_range_is_refused()
    {
        RgbImage image = new(4, 4);
        Assert.Throws<ArgumentException>(() => Preprocessor.Crop(image, new() { CropMode = "middle" }));
        Assert.Throws<ArgumentException>(() => Preprocessor.Crop(image, new() { Interpolation = "cubic" }));
        Assert.Throws<ArgumentException>(() => Preprocessor.Crop(image, new() { CropRounding = "up" }));
        Assert.Throws<ArgumentException>(() => Preprocessor.Crop(image, new() { CropFraction = 0 }));
        Assert.Throws<ArgumentException>(() => Preprocessor.Crop(image, new() { CropFraction = double.NaN }));
        Assert.Throws<ArgumentException>(() => Preprocessor.Crop(image, new() { Size = (0, 224) }));
        Assert.Throws<ArgumentException>(() => Preprocessor.Run(image, new(), new float[7]));
    }

    [Fact]
    public void A_line_of_pixels_is_refused_rather_than_resized_past_all_bounds()
    {
        Assert.Throws<ImageException>(() => Preprocessor.Crop(new(1, 1_000_000), new()));
        Assert.Equal(224, Preprocessor.Crop(new(1, 5_000), new()).Width);
    }
}
