using Secateur.Kernels;

namespace Secateur.Tests.Kernels;

/// <summary>Gradients against their formulas in double precision.</summary>
public sealed class BackwardTests
{
    public static TheoryData<string> Sets => KernelSets.All;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_length_of_softmax_is_near_the_plain_twin(string set)
    {
        for (int n = 0; n <= 257; n++)
        {
            float[] p = KernelSets.Values(n, n, 4), g = KernelSets.Values(n, n + 1, 1);
            KernelSet.Get(set).Softmax(p);
            float[] result = [.. g, .. Enumerable.Repeat(float.NaN, 20)];
            KernelSet.Get(set).Backward.Softmax(p, result.AsSpan(0, n));
            double mean = Enumerable.Range(0, n).Sum(i => (double)p[i] * g[i]);
            for (int i = 0; i < n; i++)
                Assert.Equal(p[i] * (g[i] - mean), result[i], 1e-6); // a few roundings of numbers below 1
            Assert.All(result[n..], value => Assert.True(float.IsNaN(value)));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Slopes_are_those_of_the_activations_everywhere(string set)
    {
        double[] grid = [.. Enumerable.Range(-12_000, 24_001).Select(i => i / 1000.0), .. Enumerable.Range(-400, 801).Select(i => (double)i), 1e-30, -1e-30, 3e38, -3e38];
        Matrix x = Matrix.Allocate(1, grid.Length), slope = Matrix.Allocate(1, grid.Length);
        for (int i = 0; i < grid.Length; i++)
            x.Row(0)[i] = (float)grid[i];
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            slope.Row(0).Fill(1);
            KernelSet.Get(set).Backward.Activate(Threads.Inline, activation, x, slope);
            for (int i = 0; i < grid.Length; i++)
                Assert.Equal(BackwardTwins.Slope(activation, grid[i]), slope.Row(0)[i], 3e-6); // 1.5e-7 of the error function; an exponential's error, times x u' s (1 - s) < 10
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_length_of_an_activation_is_its_slope_times_the_gradient_and_touches_nothing_else(string set)
    {
        foreach (Activation activation in Enum.GetValues<Activation>())
            for (int n = 0; n <= 257; n++)
            {
                Matrix x = Poisoned(3, n, n, 6), g = Poisoned(3, n, n + 1, 1), expected = Poisoned(3, n, n + 1, 1);
                KernelSet.Get(set).Backward.Activate(Threads.Inline, activation, x, g);
                for (int i = 0; i < 3; i++)
                    for (int j = 0; j < n; j++)
                        Assert.Equal(BackwardTwins.Slope(activation, x.Row(i)[j]) * expected.Row(i)[j], g.Row(i)[j], 3e-6);
                KernelSets.AssertPoisonIsUntouched(g);
            }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_length_of_a_gated_unit_is_near_the_plain_twin(string set)
    {
        for (int n = 0; n <= 257; n++)
        {
            Matrix x = Poisoned(2, 2 * n, n, 4), g = Poisoned(2, n, n + 1, 1), result = Poisoned(2, 2 * n, 0, 0);
            KernelSet.Get(set).Backward.SwiGlu(Threads.Inline, x, g, result);
            for (int i = 0; i < 2; i++)
                for (int j = 0; j < n; j++)
                {
                    double gate = x.Row(i)[j], value = x.Row(i)[n + j], gradient = g.Row(i)[j];
                    Assert.Equal(gradient * value * BackwardTwins.Slope(Activation.Silu, gate), result.Row(i)[j], 1e-5); // values up to 4
                    Assert.Equal(gradient * gate / (1 + Math.Exp(-gate)), result.Row(i)[n + j], 1e-5);
                }

            KernelSets.AssertPoisonIsUntouched(result);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_length_of_a_norm_is_near_the_plain_twin(string set)
    {
        for (int n = 1; n <= 257; n++)
            foreach (float mean in (float[])[0, 300])
            {
                Matrix x = Poisoned(2, n, n, 2, mean), g = Poisoned(2, n, n + 1, 1), add = Poisoned(2, n, n + 2, 1), result = Poisoned(2, n, 0, 0);
                float[] scale = KernelSets.Values(n, 3, 1);
                KernelSet.Get(set).Backward.LayerNorm(Threads.Inline, x, scale, 0.01f, g, n % 2 == 0 ? add : null, result);
                for (int i = 0; i < 2; i++)
                {
                    double[] twin = BackwardTwins.Norm(x.Row(i), scale, 0.01, g.Row(i));
                    for (int j = 0; j < n; j++)
                        Assert.Equal(twin[j] + (n % 2 == 0 ? add.Row(i)[j] : 0), result.Row(i)[j], mean == 0 ? 2e-5 : 5e-3); // 300 leaves 14 bits to the differences; results are up to 10
                }

                KernelSets.AssertPoisonIsUntouched(result);
            }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_length_of_column_products_is_near_the_plain_twin(string set)
    {
        int[] offsets = [0, 5, 5, 9];
        for (int n = 0; n <= 257; n++)
        {
            Matrix a = Poisoned(9, n, n, 1), b = Poisoned(9, n, n + 1, 1), sums = Poisoned(3, n, 0, 0);
            KernelSet.Get(set).Backward.ColumnProducts(Threads.Inline, a, b, offsets, sums);
            for (int s = 0; s < 3; s++)
                for (int j = 0; j < n; j++)
                    Assert.Equal(Enumerable.Range(offsets[s], offsets[s + 1] - offsets[s]).Sum(i => (double)a.Row(i)[j] * b.Row(i)[j]), sums.Row(s)[j], 1e-6);
            KernelSets.AssertPoisonIsUntouched(sums);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Threads_and_working_in_place_change_no_bit(string set)
    {
        BackwardKernels back = KernelSet.Get(set).Backward;
        float[] scale = KernelSets.Values(300, 3, 1);
        Matrix x = Poisoned(50, 300, 1, 2), g = Poisoned(50, 300, 2, 1), expected = Matrix.Allocate(50, 300), sums = Matrix.Allocate(2, 300);
        back.LayerNorm(Threads.Inline, x, scale, 0.01f, g, g, expected);
        back.ColumnProducts(Threads.Inline, x, g, new[] { 0, 30, 50 }, sums);
        for (int threads = 2; threads <= 4; threads++)
        {
            using var pool = new Threads(threads);
            Matrix again = Poisoned(50, 300, 2, 1), sumsAgain = Matrix.Allocate(2, 300);
            back.ColumnProducts(pool, x, again, new[] { 0, 30, 50 }, sumsAgain);
            back.LayerNorm(pool, x, scale, 0.01f, again, again, again);
            Assert.All(Enumerable.Range(0, 50), i => Assert.Equal(expected.Row(i).ToArray(), again.Row(i).ToArray()));
            Assert.All(Enumerable.Range(0, 2), i => Assert.Equal(sums.Row(i).ToArray(), sumsAgain.Row(i).ToArray()));
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_errors()
    {
        BackwardKernels back = KernelSet.Default.Backward;
        Matrix a = Matrix.Allocate(2, 4), b = Matrix.Allocate(2, 5);
        Assert.Throws<ArgumentException>(() => back.Softmax(new float[3], new float[4]));
        Assert.Throws<ArgumentException>(() => back.Activate(Threads.Inline, Activation.Gelu, a, b));
        Assert.Throws<ArgumentException>(() => back.SwiGlu(Threads.Inline, a, a, a));
        Assert.Throws<ArgumentException>(() => back.LayerNorm(Threads.Inline, a, new float[4], 0, a, b, a));
        Assert.Throws<ArgumentException>(() => back.ColumnProducts(Threads.Inline, a, a, new[] { 0, 3 }, Matrix.Allocate(1, 4)));
    }

    static Matrix Poisoned(int rows, int columns, int seed, float scale, float mean = 0)
    {
        float[] values = KernelSets.Values(rows * columns, seed, scale);
        return KernelSets.Poisoned(rows, columns, columns + 3, (i, j) => values[(i * columns) + j] + mean);
    }
}
