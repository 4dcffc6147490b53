namespace Secateur.Models.Images;

/// <summary>For each pixel of a resized line, which pixels of the line it is made of and their weights in fixed point.</summary>
/// <remarks>The rules, and their order of rounding, are those of Pillow's 8-bit resize: enlarging keeps the filter's reach, shrinking
/// stretches it (antialiasing); weights add up to 1, then are rounded to 22 bits after the point.</remarks>
sealed class ResampleWeights
{
    /// <summary>8 bits for the pixel and 2 for overshoot leave these of 32 for the fraction.</summary>
    internal const int FractionBits = 32 - 8 - 2;

    /// <summary>Weights of pixels [first, first + count) of a line of <paramref name="from"/> pixels resized to <paramref name="to"/>.</summary>
    internal ResampleWeights(ResampleFilter filter, int from, int to, int first, int count)
    {
        double scale = (double)from / to;
        double stretch = Math.Max(scale, 1);
        double support = filter.Support() * stretch;
        double shrink = 1 / stretch;
        // An even number of taps, and twice more pixels than a filter reaches never count.
        Taps = Math.Min((int)Math.Ceiling(support) * 2 + 1, from) + 1 & ~1;
        Start = new int[count];
        Used = new int[count];
        Values = new int[count * Taps];
        double[] exact = new double[Taps];
        for (int i = 0; i < count; i++)
        {
            double centre = (first + i + 0.5) * scale;
            int start = Math.Max((int)(centre - support + 0.5), 0);
            int used = Math.Min((int)(centre + support + 0.5), from) - start;
            double sum = 0;
            for (int k = 0; k < used; k++)
                sum += exact[k] = filter.Weight((k + start - centre + 0.5) * shrink);
            for (int k = 0; k < used; k++)
            {
                double weight = sum != 0 ? exact[k] / sum : exact[k];
                Values[i * Taps + k] = (int)(weight * (1 << FractionBits) + (weight < 0 ? -0.5 : 0.5));
            }

            (Start[i], Used[i]) = (start, used);
        }
    }

    /// <summary>Weights kept for each pixel: even, the last ones may be 0.</summary>
    internal int Taps { get; }

    /// <summary>The first pixel that counts, [count].</summary>
    internal int[] Start { get; }

    /// <summary>How many pixels count, [count].</summary>
    internal int[] Used { get; }

    /// <summary>[count, <see cref="Taps"/>].</summary>
    internal int[] Values { get; }
}
