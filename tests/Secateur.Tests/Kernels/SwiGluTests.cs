using Secateur.Kernels;

namespace Secateur.Tests.Kernels;

public sealed class SwiGluTests
{
    public static TheoryData<string> Sets => KernelSets.All;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_length_is_near_the_plain_twin_on_any_threads(string set)
    {
        using Threads one = new(1), three = new(3);
        for (int columns = 1; columns <= 257; columns++)
        {
            int rows = 1 + (columns % 29);
            float[] values = KernelSets.Values(rows * columns * 2, columns, 8);
            Matrix x = KernelSets.Poisoned(rows, 2 * columns, (2 * columns) + 3, (i, j) => values[(i * 2 * columns) + j]);
            Matrix y = KernelSets.Poisoned(rows, columns, columns + 5, (_, _) => 0), z = KernelSets.Poisoned(rows, columns, columns + 5, (_, _) => 0);
            KernelSet.Get(set).SwiGlu(one, x, y);
            KernelSet.Get(set).SwiGlu(three, x, z);
            KernelSets.AssertPoisonIsUntouched(y);
            for (int i = 0; i < rows; i++)
            {
                Assert.Equal(y.Row(i).ToArray(), z.Row(i).ToArray());
                for (int j = 0; j < columns; j++)
                {
                    double gate = x.Row(i)[j], expected = gate / (1 + Math.Exp(-gate)) * x.Row(i)[columns + j];
                    Assert.InRange(y.Row(i)[j], expected - 1e-7 - (4e-7 * Math.Abs(expected)), expected + 1e-7 + (4e-7 * Math.Abs(expected)));
                }
            }
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        using var threads = new Threads(1);
        Assert.Throws<ArgumentException>(() => KernelSet.Default.SwiGlu(threads, Matrix.Allocate(2, 9), Matrix.Allocate(2, 4)));
        Assert.Throws<ArgumentException>(() => KernelSet.Default.SwiGlu(threads, Matrix.Allocate(3, 8), Matrix.Allocate(2, 4)));
    }
}
