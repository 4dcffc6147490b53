using Secateur.Models.Images;

namespace Secateur.Tests.Images;

/// <summary>Pillow's 8-bit resize said plainly: one pass over columns, one over rows, each pixel by its definition.</summary>
internal static class PlainResize
{
    public static RgbImage To(RgbImage image, int width, int height, ResampleFilter filter)
    {
        RgbImage columns = Pass(image, width, image.Height, filter, across: true);
        return Pass(columns, width, height, filter, across: false);
    }

    static RgbImage Pass(RgbImage image, int width, int height, ResampleFilter filter, bool across)
    {
        (int from, int to) = across ? (image.Width, width) : (image.Height, height);
        if (from == to)
            return image;
        RgbImage result = new(width, height);
        for (int i = 0; i < to; i++)
        {
            (int start, int[] weights) = Weights(filter, from, to, i);
            for (int line = 0; line < (across ? height : width); line++)
                for (int c = 0; c < 3; c++)
                {
                    long sum = 1 << 21;
                    for (int k = 0; k < weights.Length; k++)
                        sum += weights[k] * (long)(across ? image.Row(line)[(start + k) * 3 + c] : image.Row(start + k)[line * 3 + c]);
                    byte value = (byte)Math.Clamp(sum >> 22, 0, 255);
                    if (across)
                        result.Row(line)[i * 3 + c] = value;
                    else
                        result.Row(i)[line * 3 + c] = value;
                }
        }

        return result;
    }

    static (int Start, int[] Weights) Weights(ResampleFilter filter, int from, int to, int pixel)
    {
        double scale = (double)from / to;
        if (filter == ResampleFilter.Nearest)
        {
            double position = scale * 0.5;
            for (int i = 0; i < pixel; i++)
                position += scale;
            return ((int)position, [1 << 22]);
        }

        (double reach, Func<double, double> curve) = filter switch
        {
            ResampleFilter.Box => (0.5, (Func<double, double>)(x => x > -0.5 && x <= 0.5 ? 1 : 0)),
            ResampleFilter.Bilinear => (1.0, x => Math.Abs(x) < 1 ? 1 - Math.Abs(x) : 0),
            ResampleFilter.Hamming => (1.0, x => x == 0 ? 1 : Math.Abs(x) >= 1 ? 0 : Math.Sin(Math.PI * Math.Abs(x)) / (Math.PI * Math.Abs(x)) * (0.54f + 0.46f * Math.Cos(Math.PI * Math.Abs(x)))),
            ResampleFilter.Bicubic => (2.0, x => Math.Abs(x) < 1 ? (1.5 * Math.Abs(x) - 2.5) * Math.Abs(x) * Math.Abs(x) + 1 : Math.Abs(x) < 2 ? (((Math.Abs(x) - 5) * Math.Abs(x) + 8) * Math.Abs(x) - 4) * -0.5 : 0),
            _ => (3.0, x => x == 0 ? 1 : x is >= -3 and < 3 ? Math.Sin(Math.PI * x) / (Math.PI * x) * (Math.Sin(Math.PI * (x / 3)) / (Math.PI * (x / 3))) : 0),
        };
        double stretch = Math.Max(1, scale), centre = (pixel + 0.5) * scale;
        int start = Math.Max(0, (int)(centre - reach * stretch + 0.5)), end = Math.Min(from, (int)(centre + reach * stretch + 0.5));
        double[] exact = [.. Enumerable.Range(start, end - start).Select(k => curve((k - centre + 0.5) * (1 / stretch)))];
        double total = 0;
        foreach (double weight in exact)
            total += weight;
        return (start, [.. exact.Select(w => (int)(w / total * (1 << 22) + (w < 0 ? -0.5 : 0.5)))]);
    }
}
