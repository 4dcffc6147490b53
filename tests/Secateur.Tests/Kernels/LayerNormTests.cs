using Secateur.Kernels;

namespace Secateur.Tests.Kernels;

public sealed class LayerNormTests
{
    public static TheoryData<string> Sets => KernelSets.All;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_length_is_near_the_plain_twin(string set)
    {
        using var threads = new Threads(1);
        for (int columns = 1; columns <= 257; columns++)
        {
            (Matrix x, float[] scale, float[] shift) = Inputs(3, columns, columns % 4 == 0 ? 100 : 0);
            Matrix y = KernelSets.Poisoned(3, columns, columns + 7, (_, _) => 0);
            KernelSet.Get(set).LayerNorm(threads, x, scale, shift, 1e-6f, y);
            KernelSets.AssertPoisonIsUntouched(y);
            for (int i = 0; i < 3; i++)
            {
                double[] expected = Twin(x.Row(i), scale, shift, 1e-6);
                for (int j = 0; j < columns; j++)
                    Assert.InRange(y.Row(i)[j], expected[j] - 2e-5, expected[j] + 2e-5); // a mean of 100 is itself rounded to 4e-6
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Rows_of_a_network_keep_six_digits(string set)
    {
        using var threads = new Threads(1);
        (Matrix x, float[] scale, float[] shift) = Inputs(20, 384, 0);
        x.Row(3)[17] = 60; // a massive activation
        Matrix y = Matrix.Allocate(20, 384);
        KernelSet.Get(set).LayerNorm(threads, x, scale, shift, 1e-6f, y);
        for (int i = 0; i < 20; i++)
        {
            double[] expected = Twin(x.Row(i), scale, shift, 1e-6);
            for (int j = 0; j < 384; j++)
                Assert.InRange(y.Row(i)[j], expected[j] - 1e-6 - (1e-6 * Math.Abs(expected[j])), expected[j] + 1e-6 + (1e-6 * Math.Abs(expected[j])));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void In_place_and_threads_change_no_bit(string set)
    {
        foreach (int rows in (int[])[1, 12, 13, 40])
        {
            (Matrix x, float[] scale, float[] shift) = Inputs(rows, 77, 1);
            Matrix y = Matrix.Allocate(rows, 77);
            using (var one = new Threads(1))
                KernelSet.Get(set).LayerNorm(one, x, scale, shift, 1e-6f, y);
            for (int threads = 1; threads <= 4; threads++)
            {
                using var pool = new Threads(threads);
                (Matrix z, _, _) = Inputs(rows, 77, 1);
                KernelSet.Get(set).LayerNorm(pool, z, scale, shift, 1e-6f, z);
                for (int i = 0; i < rows; i++)
                    Assert.Equal(y.Row(i).ToArray(), z.Row(i).ToArray());
            }
        }
    }

    [Fact]
    public void Equal_features_give_the_shift()
    {
        using var threads = new Threads(1);
        Matrix x = KernelSets.Poisoned(1, 30, 30, (_, _) => 0.1f), y = Matrix.Allocate(1, 30);
        float[] shift = KernelSets.Values(30, 5, 1);
        KernelSet.Default.LayerNorm(threads, x, KernelSets.Values(30, 6, 1), shift, 1e-6f, y);
        for (int j = 0; j < 30; j++)
            Assert.Equal(shift[j], y.Row(0)[j], 1e-4f); // what rounding leaves of the differences, over the square root of epsilon
        Assert.Throws<ArgumentException>(() => KernelSet.Default.LayerNorm(threads, x, new float[29], shift, 1e-6f, y));
    }

    static (Matrix X, float[] Scale, float[] Shift) Inputs(int rows, int columns, float mean)
    {
        float[] values = KernelSets.Values(rows * columns, columns, 2);
        return (KernelSets.Poisoned(rows, columns, columns + 3, (i, j) => values[(i * columns) + j] + mean),
            KernelSets.Values(columns, 2, 1), KernelSets.Values(columns, 3, 1));
    }

    static double[] Twin(ReadOnlySpan<float> x, float[] scale, float[] shift, double epsilon)
    {
        double mean = 0, variance = 0;
        foreach (float value in x)
            mean += value;
        mean /= x.Length;
        foreach (float value in x)
            variance += (value - mean) * (value - mean);
        var y = new double[x.Length];
        for (int j = 0; j < y.Length; j++)
            y[j] = ((x[j] - mean) / Math.Sqrt((variance / x.Length) + epsilon) * scale[j]) + shift[j];
        return y;
    }
}
