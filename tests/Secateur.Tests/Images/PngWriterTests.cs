using Secateur.Models.Images;

namespace Secateur.Tests.Images;

public class PngWriterTests
{
    [Theory]
    [InlineData(1, 1), InlineData(3, 2), InlineData(224, 224), InlineData(1, 300), InlineData(1000, 1)]
    public void A_written_picture_reads_back_bit_for_bit(int width, int height)
    {
        RgbImage image = ImageFixtures.Noise(width, height, seed: width);
        ImageFixtures.AssertEqual(image, ImageFile.Decode(PngWriter.Encode(image), "written.png"));
    }

    [Fact]
    public void A_saved_picture_replaces_the_old_file_and_leaves_nothing_beside_it()
    {
        string folder = Directory.CreateTempSubdirectory("secateur-png-").FullName;
        try
        {
            string path = Path.Combine(folder, "picture.png");
            File.WriteAllText(path, "old");
            RgbImage image = ImageFixtures.Noise(9, 9, seed: 9);
            PngWriter.Save(image, path);
            ImageFixtures.AssertEqual(image, ImageFile.Load(path));
            Assert.Equal([path], Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_flat_picture_is_a_small_file() => Assert.InRange(PngWriter.Encode(new(640, 480)).Length, 1, 4000);
}
