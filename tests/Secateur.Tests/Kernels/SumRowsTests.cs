using Secateur.Kernels;

namespace Secateur.Tests.Kernels;

public sealed class SumRowsTests
{
    public static TheoryData<string> Widths => [.. KernelSet.Supported.Select(set => set.Name)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_length_gives_the_bits_of_the_plain_loop_and_reads_nothing_beyond(string width)
    {
        KernelSet kernels = KernelSet.Get(width);
        var random = new Random(1);
        for (int columns = 0; columns <= 257; columns++)
        {
            int count = columns % 71, stride = columns + 3;
            var rows = new float[Math.Max(0, ((count - 1) * stride) + columns)];
            var weights = new float[count];
            foreach (ref float value in rows.AsSpan())
                value = (float)random.NextDouble() - 0.3f;
            foreach (ref float value in weights.AsSpan())
                value = (float)random.NextDouble();
            for (int i = 0; i + 1 < count; i++)
                rows.AsSpan((i * stride) + columns, 3).Fill(float.NaN);
            var sum = new float[columns + 2];
            Array.Fill(sum, float.NaN);
            kernels.SumRows(rows, stride, weights, sum.AsSpan(1, columns));
            Assert.True(float.IsNaN(sum[0]) && float.IsNaN(sum[^1]));
            for (int j = 0; j < columns; j++)
            {
                float plain = 0;
                for (int i = 0; i < count; i++)
                    plain = MathF.FusedMultiplyAdd(weights[i], rows[(i * stride) + j], plain);
                Assert.Equal(plain, sum[1 + j]);
            }
        }
    }

    [Fact]
    public void Rows_that_do_not_fit_are_refused() =>
        Assert.Throws<ArgumentException>(() => KernelSet.Default.SumRows(new float[9], 5, new float[2], new float[5]));
}
