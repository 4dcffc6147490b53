namespace Secateur.Models.Images;

/// <summary>How a resized pixel is made of the pixels around it; Pillow's filters.</summary>
public enum ResampleFilter
{
    /// <summary>The nearest pixel.</summary>
    Nearest,

    /// <summary>The mean of the pixels under the new one.</summary>
    Box,

    /// <summary>A triangle, 1 pixel to each side.</summary>
    Bilinear,

    /// <summary>A Hamming-windowed sinc, 1 pixel to each side.</summary>
    Hamming,

    /// <summary>Keys' cubic with a = -1/2, 2 pixels to each side.</summary>
    Bicubic,

    /// <summary>A sinc-windowed sinc, 3 pixels to each side.</summary>
    Lanczos,
}

/// <summary>The curves of the filters.</summary>
static class ResampleFilters
{
    /// <summary>How far a filter reaches to each side at scale 1, pixels.</summary>
    internal static double Support(this ResampleFilter filter) => filter switch
    {
        ResampleFilter.Box => 0.5,
        ResampleFilter.Bilinear or ResampleFilter.Hamming => 1,
        ResampleFilter.Bicubic => 2,
        ResampleFilter.Lanczos => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "Not a filter with a curve."),
    };

    /// <summary>The weight of a pixel at a distance. The order of the operations is part of the result.</summary>
    internal static double Weight(this ResampleFilter filter, double x) => filter switch
    {
        ResampleFilter.Box => x is > -0.5 and <= 0.5 ? 1 : 0,
        ResampleFilter.Bilinear => Math.Max(0, 1 - Math.Abs(x)),
        ResampleFilter.Hamming => Hamming(Math.Abs(x)),
        ResampleFilter.Bicubic => Bicubic(Math.Abs(x)),
        _ => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0,
    };

    static double Bicubic(double x)
    {
        const double A = -0.5;
        return x < 1 ? ((A + 2) * x - (A + 3)) * x * x + 1
            : x < 2 ? (((x - 5) * x + 8) * x - 4) * A
            : 0;
    }

    static double Hamming(double x)
    {
        if (x == 0)
            return 1;
        if (x >= 1)
            return 0;
        x *= Math.PI;
        return Math.Sin(x) / x * (0.54f + 0.46f * Math.Cos(x)); // Pillow has these two in float32.
    }

    static double Sinc(double x)
    {
        x *= Math.PI;
        return x == 0 ? 1 : Math.Sin(x) / x;
    }
}
