using Secateur.Kernels;

namespace Secateur.Tests.Kernels;

public sealed class AttentionBackwardTests
{
    public static TheoryData<string> Sets => KernelSets.All;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_length_is_near_the_plain_twin(string set)
    {
        for (int tokens = 0; tokens <= 257; tokens += tokens < 40 ? 1 : 7)
            Check(set, [tokens], tokens % 3 == 0 ? 2 : 1, tokens % 2 == 0 ? 16 : 5);
        Check(set, [255, 256, 257], 1, 8);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_head_dimension_is_near_the_plain_twin(string set)
    {
        foreach (int dimension in (int[])[1, 2, 7, 16, 31, 32, 33, 64, 80])
            Check(set, [17, 0, 1, 30], 3, dimension);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Threads_change_no_bit(string set)
    {
        Matrix one = Run(set, Threads.Inline, [30, 40, 50], 3, 32).Result;
        using var pool = new Threads(3);
        Matrix three = Run(set, pool, [30, 40, 50], 3, 32).Result;
        for (int i = 0; i < one.Rows; i++)
            Assert.Equal(one.Row(i).ToArray(), three.Row(i).ToArray());
    }

    static (Matrix Qkv, Matrix Gradient, Matrix Result, int[] Offsets) Run(string set, Threads threads, int[] lengths, int heads, int dimension)
    {
        int[] offsets = [0, .. lengths.Select((_, i) => lengths[..(i + 1)].Sum())];
        int rows = offsets[^1], width = heads * dimension;
        float[] values = KernelSets.Values(rows * 3 * width, rows, 1.5f), gradients = KernelSets.Values(rows * width, rows + 1, 1);
        Matrix qkv = KernelSets.Poisoned(rows, 3 * width, (3 * width) + 5, (i, j) => values[(i * 3 * width) + j]);
        Matrix gradient = KernelSets.Poisoned(rows, width, width + 3, (i, j) => gradients[(i * width) + j]);
        Matrix result = KernelSets.Poisoned(rows, 3 * width, (3 * width) + 1, (_, _) => 0);
        KernelSet.Get(set).Backward.Attention(threads, qkv, offsets, heads, gradient, result, new());
        return (qkv, gradient, result, offsets);
    }

    static void Check(string set, int[] lengths, int heads, int dimension)
    {
        (Matrix qkv, Matrix gradient, Matrix result, int[] offsets) = Run(set, Threads.Inline, lengths, heads, dimension);
        for (int s = 0; s < lengths.Length; s++)
            for (int h = 0; h < heads; h++)
            {
                int first = offsets[s], n = lengths[s], width = heads * dimension, column = h * dimension;
                var expected = new double[n, 3 * dimension];
                for (int i = 0; i < n; i++)
                    Add(qkv, gradient, first, n, i, column, width, dimension, expected);
                for (int i = 0; i < n; i++)
                    for (int part = 0; part < 3; part++)
                        for (int c = 0; c < dimension; c++)
                            // Sums of up to 257 products near 1, whose probabilities carry the error of their logits: 1e-6 of sizes up to 20.
                            Assert.Equal(expected[i, (part * dimension) + c], result.Row(first + i)[(part * width) + column + c], 2e-5);
            }

        KernelSets.AssertPoisonIsUntouched(result);
    }

    /// <summary>What one query row adds to all gradients of its head.</summary>
    static void Add(Matrix qkv, Matrix gradient, int first, int n, int i, int column, int width, int d, double[,] to)
    {
        double[] p = new double[n], g = new double[n];
        double scale = 1 / Math.Sqrt(d), mean = 0;
        for (int j = 0; j < n; j++)
            for (int c = 0; c < d; c++)
            {
                p[j] += scale * qkv.Row(first + i)[column + c] * qkv.Row(first + j)[width + column + c];
                g[j] += (double)gradient.Row(first + i)[column + c] * qkv.Row(first + j)[(2 * width) + column + c];
            }

        double most = p.Max(), sum = p.Sum(x => Math.Exp(x - most));
        for (int j = 0; j < n; j++)
            mean += (p[j] = Math.Exp(p[j] - most) / sum) * g[j];
        for (int j = 0; j < n; j++)
            for (int c = 0; c < d; c++)
            {
                double slope = scale * p[j] * (g[j] - mean);
                to[i, c] += slope * qkv.Row(first + j)[width + column + c];
                to[j, d + c] += slope * qkv.Row(first + i)[column + c];
                to[j, (2 * d) + c] += p[j] * gradient.Row(first + i)[column + c];
            }
    }
}
