using Secateur.Kernels;
using Secateur.Kernels.Simd;

namespace Secateur.Tests.Kernels;

public sealed unsafe class ActivationTests
{
    public static TheoryData<string> Sets => KernelSets.All;

    /// <summary>Every float that matters: a fine grid around 0, both tails, and the far ends.</summary>
    static readonly float[] Grid =
    [
        .. Enumerable.Range(-120_000, 240_001).Select(i => i / 10_000f),
        .. Enumerable.Range(-2000, 4001).Select(i => i / 10f),
        0, -0f, 1e-30f, -1e-30f, float.Epsilon, 1e10f, -1e10f, 3e38f, -3e38f,
    ];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Activations_are_near_their_definitions_everywhere(string set)
    {
        // GELU is a polynomial fitted to 1.1e-7 and rounded once at the size of x. The others carry the error of an exponential and
        // of one division: a few units in the last place of the result, and the rounded argument of the exponential.
        Check(set, Activation.Gelu, x => x * NormalDistribution(x), 3e-7, 1.2e-7);
        Check(set, Activation.GeluTanh, x => x / (1 + Math.Exp(-1.5957691216057308 * x * (1 + (0.044715 * x * x)))), 3e-7, 3e-7);
        Check(set, Activation.GeluQuick, x => x / (1 + Math.Exp(-1.702 * x)), 3e-7, 3e-7);
        Check(set, Activation.Silu, x => x / (1 + Math.Exp(-x)), 3e-7, 3e-7);
        Check(set, Activation.None, x => x, 0, 0);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Not_a_number_stays_not_a_number(string set)
    {
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            float[] x = [1, float.NaN, 2];
            KernelSet.Get(set).Activate(activation, x);
            Assert.Equal([false, true, false], x.Select(float.IsNaN));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_length_gives_the_same_bits_and_touches_nothing_after_the_end(string set)
    {
        float[] values = KernelSets.Values(257, 1, 6);
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            float[] all = [.. values];
            KernelSet.Get(set).Activate(activation, all);
            for (int n = 0; n <= 257; n++)
            {
                float[] x = [.. values[..n], .. Enumerable.Repeat(float.NaN, 20)];
                KernelSet.Get(set).Activate(activation, x.AsSpan(0, n));
                Assert.Equal(all[..n], x[..n]);
                Assert.All(x[n..], value => Assert.True(float.IsNaN(value)));
            }
        }
    }

    [Fact]
    public void The_exponential_is_within_two_units_in_the_last_place()
    {
        foreach (KernelSet set in KernelSet.Supported)
            switch (set.Name)
            {
                case "512":
                    CheckExponential<Simd512>();
                    break;
                case "256":
                    CheckExponential<Simd256>();
                    break;
                case "128":
                    CheckExponential<Simd128>();
                    break;
                default:
                    CheckExponential<SimdScalar>();
                    break;
            }
    }

    static void CheckExponential<T>()
        where T : unmanaged, ISimd<T>
    {
        for (int i = -873_000; i <= 883_000; i += 7)
        {
            float x = i / 10_000f;
            double expected = Math.Exp(x);
            Assert.InRange((Value<T>(Exp<T>.Run(T.Broadcast(x))) - expected) / expected, -2.4e-7, 2.4e-7);
        }

        for (int i = -1_260_000; i <= 0; i += 7)
        {
            float x = i / 10_000f;
            double expected = Math.Pow(2, x);
            Assert.InRange((Value<T>(Exp<T>.Two(T.Broadcast(x))) - expected) / expected, -3.6e-7, 3.6e-7);
        }

        Assert.Equal(1, Value<T>(Exp<T>.Run(T.Zero)));
        Assert.Equal(1, Value<T>(Exp<T>.Two(T.Zero)));
        Assert.Equal(0, Value<T>(Exp<T>.Run(T.Broadcast(float.NegativeInfinity))));
        Assert.Equal(0, Value<T>(Exp<T>.Two(T.Broadcast(float.NegativeInfinity))));
        Assert.Equal(0, Value<T>(Exp<T>.Run(T.Broadcast(-1e30f))));
        Assert.Equal(0, Value<T>(Exp<T>.Two(T.Broadcast(-1e30f))));
        Assert.Equal(float.PositiveInfinity, Value<T>(Exp<T>.Run(T.Broadcast(float.PositiveInfinity))));
        Assert.Equal(float.NaN, Value<T>(Exp<T>.Run(T.Broadcast(float.NaN))));
        Assert.Equal(float.NaN, Value<T>(Exp<T>.Two(T.Broadcast(float.NaN))));
    }

    static float Value<T>(T register)
        where T : unmanaged, ISimd<T>
    {
        float* lanes = stackalloc float[16];
        T.Store(register, lanes);
        return lanes[T.Count - 1];
    }

    static void Check(string set, Activation activation, Func<double, double> expected, double absolute, double relative)
    {
        float[] x = [.. Grid];
        KernelSet.Get(set).Activate(activation, x);
        for (int i = 0; i < x.Length; i++)
        {
            double value = expected(Grid[i]);
            if (!(Math.Abs(x[i] - value) <= absolute + (relative * Math.Abs(value))))
                Assert.Fail($"{activation} of {Grid[i]:r} is {x[i]:r}, not {value:r}, on {set}");
        }
    }

    /// <summary>Phi(x): a Taylor series of erf near 0, the continued fraction of erfc beyond.</summary>
    static double NormalDistribution(double x)
    {
        double z = Math.Abs(x) / Math.Sqrt(2);
        double tail;
        if (z < 3)
        {
            double sum = z, term = z;
            for (int n = 1; n < 80; n++)
            {
                term *= -z * z / n;
                sum += term / ((2 * n) + 1);
            }

            tail = 0.5 - (sum / Math.Sqrt(Math.PI));
        }
        else
        {
            double fraction = 0;
            for (int k = 60; k > 0; k--)
                fraction = k / 2.0 / (z + fraction);
            tail = Math.Exp(-z * z) / Math.Sqrt(Math.PI) / (z + fraction) / 2;
        }

        return x < 0 ? tail : 1 - tail;
    }
}
