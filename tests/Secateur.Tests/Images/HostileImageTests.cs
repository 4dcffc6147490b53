using Secateur.Models.Images;

namespace Secateur.Tests.Images;

/// <summary>Damaged files either decode to something or are refused with the one exception of pictures.</summary>
public class HostileImageTests
{
    public static TheoryData<string> Files => ImageFixtures.Files;

    [Theory]
    [MemberData(nameof(Files))]
    public void A_damaged_file_decodes_or_is_refused(string file)
    {
        byte[] whole = ImageFixtures.Bytes(file);
        Random random = new(whole.Length);
        for (int i = 0; i < Fuzz.Rounds(150); i++)
            AssertDecodesOrIsRefused(Damaged(whole, random), $"{file} #{i}");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_cut_anywhere_in_its_head_decodes_or_is_refused(string file)
    {
        byte[] whole = ImageFixtures.Bytes(file);
        for (int length = 0; length < Math.Min(whole.Length, 700); length += 3)
            AssertDecodesOrIsRefused(whole[..length], $"{file} cut at {length}");
    }

    [Fact]
    public void Noise_behind_a_true_signature_is_refused()
    {
        Random random = new(5);
        for (int i = 0; i < Fuzz.Rounds(200); i++)
        {
            byte[] noise = new byte[random.Next(4, 3000)];
            random.NextBytes(noise);
            ReadOnlySpan<byte> signature = i % 2 == 0 ? [0xFF, 0xD8, 0xFF, 0xE1] : [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
            byte[] file = [.. signature, .. noise];
            Assert.Throws<ImageException>(() => ImageFile.Decode(file, "noise"));
        }
    }

    static byte[] Damaged(byte[] whole, Random random)
    {
        byte[] file = [.. whole];
        switch (random.Next(4))
        {
            case 0: // Bytes anywhere.
                for (int n = random.Next(1, 9); n > 0; n--)
                    file[random.Next(file.Length)] = (byte)random.Next(256);
                return file;
            case 1: // Bytes in the head, where sizes and tables are.
                for (int n = random.Next(1, 5); n > 0; n--)
                    file[random.Next(Math.Min(file.Length, 600))] = (byte)random.Next(256);
                return file;
            case 2: // Cut off.
                return file[..random.Next(file.Length)];
            default: // A piece taken out or put in twice.
                int from = random.Next(file.Length), to = random.Next(file.Length);
                return [.. file[..from], .. file[to..]];
        }
    }

    static void AssertDecodesOrIsRefused(byte[] file, string name)
    {
        try
        {
            RgbImage image = ImageFile.Decode(file, name);
            Assert.True((long)image.Width * image.Height <= RgbImage.MaximumPixels);
        }
        catch (ImageException e)
        {
            Assert.StartsWith(name, e.Message, StringComparison.Ordinal);
        }
    }
}
