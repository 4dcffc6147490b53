namespace Secateur.Models.Vit;

/// <summary>Resampling of learned position embeddings to another grid of patches, with cubic weights in float32 as PyTorch's
/// <c>interpolate(mode="bicubic")</c> computes them.</summary>
public static class PositionEmbedding
{
    /// <summary>Keys' coefficient with antialiasing (as Pillow has it), and without.</summary>
    const float AntialiasedCoefficient = -0.5f, PlainCoefficient = -0.75f;

    /// <summary>Resamples; the embeddings of prefix tokens stay as they are.</summary>
    /// <param name="positions">[<paramref name="prefix"/> + from.Rows * from.Columns, <paramref name="width"/>].</param>
    /// <param name="width">Floats in an embedding.</param>
    /// <param name="prefix">Embeddings before those of the patches.</param>
    /// <param name="from">The grid they were made for.</param>
    /// <param name="to">The wanted grid.</param>
    /// <param name="antialias">True for timm's way: shrinking averages over all it shrinks. False for that of Hugging Face (all but
    /// DINOv2 with registers): the four nearest on each axis, whatever the scale.</param>
    /// <returns>[<paramref name="prefix"/> + to.Rows * to.Columns, <paramref name="width"/>].</returns>
    /// <exception cref="ArgumentException">A grid is empty, or the length does not fit it.</exception>
    public static float[] Resample(
        ReadOnlySpan<float> positions, int width, int prefix, (int Rows, int Columns) from, (int Rows, int Columns) to, bool antialias = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegative(prefix);
        if (from.Rows <= 0 || from.Columns <= 0 || to.Rows <= 0 || to.Columns <= 0)
            throw new ArgumentException($"Position embeddings cannot go from {from.Rows} x {from.Columns} patches to {to.Rows} x {to.Columns}.");
        if (positions.Length != ((long)prefix + ((long)from.Rows * from.Columns)) * width)
            throw new ArgumentException($"{prefix} prefix tokens and {from.Rows} x {from.Columns} patches of {width} floats are not {positions.Length} floats.", nameof(positions));

        (int First, float[] Weights)[] rows = Taps(from.Rows, to.Rows, antialias), columns = Taps(from.Columns, to.Columns, antialias);
        var result = new float[checked((prefix + (to.Rows * to.Columns)) * width)];
        positions[..(prefix * width)].CopyTo(result);
        ReadOnlySpan<float> patches = positions[(prefix * width)..];
        var wide = new float[from.Rows * to.Columns * width];
        for (int y = 0; y < from.Rows; y++)
            for (int x = 0; x < to.Columns; x++)
                Blend(patches.Slice(y * from.Columns * width, from.Columns * width), width, width, columns[x], wide.AsSpan(((y * to.Columns) + x) * width, width));
        for (int y = 0; y < to.Rows; y++)
            for (int x = 0; x < to.Columns; x++)
                Blend(wide.AsSpan(x * width), width, to.Columns * width, rows[y], result.AsSpan((prefix + (y * to.Columns) + x) * width, width));
        return result;
    }

    static void Blend(ReadOnlySpan<float> source, int width, int stride, (int First, float[] Weights) taps, Span<float> destination)
    {
        for (int t = 0; t < taps.Weights.Length; t++)
        {
            ReadOnlySpan<float> embedding = source.Slice((taps.First + t) * stride, width);
            for (int c = 0; c < width; c++)
                destination[c] += taps.Weights[t] * embedding[c];
        }
    }

    /// <summary>For every place on the new side: the first place on the old side that counts, and the weights from there on.</summary>
    static (int First, float[] Weights)[] Taps(int from, int to, bool antialias)
    {
        var taps = new (int, float[])[to];
        float scale = (float)from / to, stretch = antialias ? Math.Max(scale, 1) : 1, coefficient = antialias ? AntialiasedCoefficient : PlainCoefficient;
        for (int i = 0; i < to; i++)
        {
            // Places are the middles of cells; what lies beyond the edge counts for the edge, or, with antialiasing, not at all.
            float centre = (i + 0.5f) * scale;
            int low = antialias ? (int)(centre - (2 * stretch) + 0.5f) : (int)MathF.Floor(centre - 0.5f) - 1;
            int high = antialias ? (int)(centre + (2 * stretch) + 0.5f) : low + 4;
            int first = Math.Clamp(low, 0, from - 1), last = Math.Clamp(high - 1, first, from - 1);
            var weights = new float[last - first + 1];
            for (int j = antialias ? first : low; j < (antialias ? last + 1 : high); j++)
                weights[Math.Clamp(j, first, last) - first] += Cubic((j + 0.5f - centre) / stretch, coefficient);
            float sum = antialias ? weights.Sum() : 1;
            for (int j = 0; j < weights.Length; j++)
                weights[j] /= sum;
            taps[i] = (first, weights);
        }

        return taps;
    }

    /// <summary>Keys' cubic convolution kernel (1981).</summary>
    static float Cubic(float x, float a)
    {
        x = MathF.Abs(x);
        return x < 1 ? (((((a + 2) * x) - (a + 3)) * x * x) + 1) : x < 2 ? ((((x - 5) * x) + 8) * x - 4) * a : 0;
    }
}
