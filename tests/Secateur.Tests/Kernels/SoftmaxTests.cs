using Secateur.Kernels;

namespace Secateur.Tests.Kernels;

public sealed class SoftmaxTests
{
    public static TheoryData<string> Sets => KernelSets.All;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_length_is_near_the_plain_twin_and_sums_to_one(string set)
    {
        for (int n = 0; n <= 257; n++)
        {
            float[] from = KernelSets.Values(n, n, n % 3 == 0 ? 30 : 3);
            float[] x = [.. from, .. Enumerable.Repeat(float.NaN, 20)];
            KernelSet.Get(set).Softmax(x.AsSpan(0, n));
            Assert.All(x[n..], value => Assert.True(float.IsNaN(value)));
            if (n == 0)
                continue;
            double most = from.Max(), sum = from.Sum(value => Math.Exp(value - most));
            for (int i = 0; i < n; i++)
            {
                // The difference from the maximum is rounded at up to 60: 2e-6 of the exponential.
                double expected = Math.Exp(from[i] - most) / sum;
                Assert.InRange(x[i], (expected * (1 - 4e-6)) - 1e-30, (expected * (1 + 4e-6)) + 1e-30);
            }

            Assert.Equal(1, x[..n].Sum(value => (double)value), 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Extreme_logits_overflow_nothing(string set)
    {
        float[] x = [1e4f, -1e4f, 3e38f, -3e38f, float.NegativeInfinity, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        KernelSet.Get(set).Softmax(x);
        Assert.Equal(1, x[2]);
        Assert.Equal(1, x.Sum());
        float[] low = [-1e4f, -1e4f, float.NegativeInfinity];
        KernelSet.Get(set).Softmax(low);
        Assert.Equal([0.5f, 0.5f, 0], low);
    }
}
