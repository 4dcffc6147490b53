using Secateur.Kernels;

namespace Secateur.Tests.Kernels;

/// <summary>The register widths that this machine runs, by name, as data of theories.</summary>
internal static class KernelSets
{
    public static TheoryData<string> All => [.. KernelSet.Supported.Select(set => set.Name)];

    /// <summary>Floats in (-scale, scale) that are the same in every run.</summary>
    public static float[] Values(int n, int seed, float scale)
    {
        var random = new Random(seed);
        var values = new float[n];
        for (int i = 0; i < n; i++)
            values[i] = ((random.NextSingle() * 2) - 1) * scale;
        return values;
    }

    /// <summary>A matrix with these values in it and NaN in every float that is not part of it.</summary>
    public static Matrix Poisoned(int rows, int columns, int stride, Func<int, int, float> value)
    {
        var buffer = new AlignedBuffer(((rows + 1) * stride) + 16);
        buffer.Span.Fill(float.NaN);
        var matrix = new Matrix(buffer, stride, rows, columns, stride);
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                matrix.Row(i)[j] = value(i, j);
        return matrix;
    }

    /// <summary>Holds that nobody wrote outside the matrix.</summary>
    public static void AssertPoisonIsUntouched(Matrix matrix)
    {
        Span<float> all = matrix.Buffer.Span;
        for (int i = 0; i < all.Length; i++)
        {
            int row = (i - matrix.Offset) / matrix.Stride, column = (i - matrix.Offset) % matrix.Stride;
            bool inside = i >= matrix.Offset && row < matrix.Rows && column < matrix.Columns;
            if (!inside && !float.IsNaN(all[i]))
                Assert.Fail($"float {i}, outside the rows, was written");
        }
    }
}
