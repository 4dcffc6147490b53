using Secateur.Models.Vit;

namespace Secateur.Models.Images;

/// <summary>Where the pixels of a network's input lie in a resized picture.</summary>
/// <param name="Width">Columns of the whole resized picture.</param>
/// <param name="Height">Rows of the whole resized picture.</param>
/// <param name="Left">First column of the input; negative where the picture is padded.</param>
/// <param name="Top">First row of the input; negative where the picture is padded.</param>
public readonly record struct InputGeometry(int Width, int Height, int Left, int Top)
{
    /// <summary>Longest side of a resized picture, pixels; only of a line that is thousands of times as long as wide would it be more.</summary>
    const int MaximumSide = 1 << 24;

    /// <summary>The sizes and offsets that the reference frameworks compute.</summary>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="preprocessing">The rules.</param>
    /// <returns>The geometry.</returns>
    /// <exception cref="ArgumentException">A rule is unknown or out of range.</exception>
    /// <exception cref="ImageException">The picture is so narrow that resizing it would go past all bounds.</exception>
    public static InputGeometry Of(int width, int height, ImagePreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        (int rows, int columns) = preprocessing.Size;
        if (rows < 1 || columns < 1 || (long)rows * columns > RgbImage.MaximumPixels)
            throw new ArgumentException($"An input of {columns}x{rows} pixels.", nameof(preprocessing));
        (long resizedWidth, long resizedHeight) = Resized(width, height, preprocessing);
        if (resizedWidth is < 1 or > MaximumSide || resizedHeight is < 1 or > MaximumSide)
            throw new ImageException(
                $"A picture of {width}x{height} pixels would be resized to {resizedWidth}x{resizedHeight}; crop it to a less extreme shape first.");
        bool down = preprocessing.CropRounding switch
        {
            "half-even" => false,
            "down" => true,
            var other => throw new ArgumentException($"Crop rounding \"{other}\" is neither \"half-even\" nor \"down\".", nameof(preprocessing)),
        };
        return new((int)resizedWidth, (int)resizedHeight, Offset(resizedWidth, columns, down), Offset(resizedHeight, rows, down));
    }

    static (long Width, long Height) Resized(int width, int height, ImagePreprocessing rules)
    {
        if (rules.ResizeTo is var (toHeight, toWidth))
            return (toWidth, toHeight);
        (int rows, int columns) = rules.ShortSide is int side ? (side, side) : (Scaled(rules.Size.Height, rules), Scaled(rules.Size.Width, rules));
        switch (rules.CropMode)
        {
            case "squash":
                return (columns, rows);
            case "border":
                return KeepRatio(width, height, Math.Max((double)height / rows, (double)width / columns));
            case "center" when rows != columns:
                return KeepRatio(width, height, Math.Min((double)height / rows, (double)width / columns));
            case "center":
                // The long side is cut to its integer part.
                return width <= height ? (columns, (long)columns * height / width) : ((long)rows * width / height, rows);
            default:
                throw new ArgumentException($"Crop mode \"{rules.CropMode}\" is not \"center\", \"squash\" or \"border\".", nameof(rules));
        }
    }

    /// <summary>The side before the crop.</summary>
    static int Scaled(int side, ImagePreprocessing rules)
    {
        double scaled = Math.Floor(side / rules.CropFraction);
        return scaled is >= 1 and <= MaximumSide
            ? (int)scaled
            : throw new ArgumentException($"A crop fraction of {rules.CropFraction} makes {scaled} pixels of {side}.", nameof(rules));
    }

    static (long Width, long Height) KeepRatio(int width, int height, double ratio) =>
        ((long)Math.Max(1, Math.Round(width / ratio)), (long)Math.Max(1, Math.Round(height / ratio)));

    /// <summary>The middle. Where the picture is the smaller one, torchvision pads the lesser half before it, Hugging Face the greater.</summary>
    static int Offset(long side, int crop, bool down) =>
        down ? (int)Math.Floor((side - crop) / 2.0)
        : side >= crop ? (int)Math.Round((side - crop) / 2.0)
        : -(int)((crop - side) / 2);
}
