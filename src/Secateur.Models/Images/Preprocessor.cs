using Secateur.Models.Vit;

namespace Secateur.Models.Images;

/// <summary>From a picture to a network's input, with the rounding of torchvision, timm and Hugging Face's processors.</summary>
public static class Preprocessor
{
    /// <summary>Resizes, crops and normalises.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="preprocessing">The rules, as a checkpoint holds them.</param>
    /// <param name="destination">[3, height, width] of <see cref="ImagePreprocessing.Size"/>.</param>
    /// <exception cref="ArgumentException">A rule is unknown or out of range, or <paramref name="destination"/> has another length.</exception>
    /// <exception cref="ImageException">The picture is too narrow to be resized.</exception>
    public static void Run(RgbImage image, ImagePreprocessing preprocessing, Span<float> destination) =>
        Normalise(Crop(image, preprocessing), preprocessing, destination);

    /// <summary>Resizes and crops: the picture that the network sees.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="preprocessing">The rules, as a checkpoint holds them.</param>
    /// <returns>A picture of <see cref="ImagePreprocessing.Size"/>.</returns>
    /// <exception cref="ArgumentException">A rule is unknown or out of range.</exception>
    /// <exception cref="ImageException">The picture is too narrow to be resized.</exception>
    public static RgbImage Crop(RgbImage image, ImagePreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(image);
        InputGeometry at = InputGeometry.Of(image.Width, image.Height, preprocessing);
        ResampleFilter filter = Filter(preprocessing.Interpolation);
        (int rows, int columns) = preprocessing.Size;

        // The part of the input that the picture covers, in the resized picture.
        (int left, int top) = (Math.Max(at.Left, 0), Math.Max(at.Top, 0));
        int width = Math.Min(at.Left + columns, at.Width) - left;
        int height = Math.Min(at.Top + rows, at.Height) - top;
        RgbImage seen = Resize.Window(image, at.Width, at.Height, filter, left, top, width, height);
        if (width == columns && height == rows)
            return seen;

        RgbImage input = new(columns, rows);
        if (preprocessing.CropMode == "border")
            Fill(input, preprocessing.Mean);
        for (int y = 0; y < height; y++)
            seen.Row(y).CopyTo(input.Row(top - at.Top + y)[((left - at.Left) * 3)..]);
        return input;
    }

    /// <summary>Takes a picture of the right size apart into planes of (value / 255 - mean) / deviation, each step in float32.</summary>
    /// <param name="image">A picture of any size.</param>
    /// <param name="preprocessing">Mean and deviation.</param>
    /// <param name="destination">[3, height, width] of the picture.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    public static void Normalise(RgbImage image, ImagePreprocessing preprocessing, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(preprocessing);
        if (destination.Length != image.Pixels.Length)
            throw new ArgumentException($"{destination.Length} numbers for an input of 3x{image.Height}x{image.Width}.", nameof(destination));
        int plane = image.Width * image.Height;
        Span<float> values = stackalloc float[256];
        for (int c = 0; c < 3; c++)
        {
            (float mean, float deviation) = c switch
            {
                0 => (preprocessing.Mean.Red, preprocessing.Deviation.Red),
                1 => (preprocessing.Mean.Green, preprocessing.Deviation.Green),
                _ => (preprocessing.Mean.Blue, preprocessing.Deviation.Blue),
            };
            for (int value = 0; value < 256; value++)
                values[value] = (value / 255f - mean) / deviation;
            ReadOnlySpan<byte> pixels = image.Pixels;
            Span<float> channel = destination.Slice(c * plane, plane);
            for (int i = 0, j = c; i < channel.Length; i++, j += 3)
                channel[i] = values[pixels[j]];
        }
    }

    /// <summary>timm pads with the mean colour, rounded half to even.</summary>
    static void Fill(RgbImage image, (float Red, float Green, float Blue) mean)
    {
        ReadOnlySpan<byte> colour = [Byte(mean.Red), Byte(mean.Green), Byte(mean.Blue)];
        for (int i = 0; i < image.Pixels.Length; i += 3)
            colour.CopyTo(image.Pixels.AsSpan(i));

        // A mean is written with a few decimals: the decimal is meant, not the float nearest to it.
        static byte Byte(float value) => value >= 1 ? (byte)255 : value > 0 ? (byte)Math.Round(255 * (decimal)value) : (byte)0;
    }

    static ResampleFilter Filter(string name) => name switch
    {
        "bicubic" => ResampleFilter.Bicubic,
        "bilinear" => ResampleFilter.Bilinear,
        "lanczos" => ResampleFilter.Lanczos,
        "box" => ResampleFilter.Box,
        "hamming" => ResampleFilter.Hamming,
        "nearest" => ResampleFilter.Nearest,
        _ => throw new ArgumentException(
            $"Interpolation \"{name}\" is not \"bicubic\", \"bilinear\", \"lanczos\", \"box\", \"hamming\" or \"nearest\".", nameof(name)),
    };
}
