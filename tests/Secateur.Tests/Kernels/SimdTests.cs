using Secateur.Kernels.Simd;

namespace Secateur.Tests.Kernels;

/// <summary>Each register type against the same thing done one float at a time.</summary>
public sealed unsafe class SimdTests
{
    public static TheoryData<string> Widths
    {
        get
        {
            var names = new TheoryData<string> { SimdScalar.Name };
            if (Simd128.IsSupported)
                names.Add(Simd128.Name);
            if (Simd256.IsSupported)
                names.Add(Simd256.Name);
            if (Simd512.IsSupported)
                names.Add(Simd512.Name);
            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Partial_loads_and_stores_touch_only_their_lanes(string width) => On(width, new Partial());

    [Theory]
    [MemberData(nameof(Widths))]
    public void Arithmetic_is_that_of_single_floats(string width) => On(width, new Arithmetic());

    [Theory]
    [MemberData(nameof(Widths))]
    public void The_largest_lane_is_found_wherever_it_is(string width) => On(width, new Largest());

    static void On(string width, ILaw law)
    {
        switch (width)
        {
            case "512":
                law.Holds<Simd512>();
                break;
            case "256":
                law.Holds<Simd256>();
                break;
            case "128":
                law.Holds<Simd128>();
                break;
            default:
                law.Holds<SimdScalar>();
                break;
        }
    }

    interface ILaw
    {
        void Holds<T>()
            where T : unmanaged, ISimd<T>;
    }

    sealed class Partial : ILaw
    {
        public void Holds<T>()
            where T : unmanaged, ISimd<T>
        {
            float[] from = KernelSets.Values(T.Count, 1, 1);
            for (int count = 0; count <= T.Count; count++)
            {
                // The loaded span ends where the array ends and what follows is poison: nothing after it may show.
                float[] source = [.. from[..count], .. Enumerable.Repeat(float.NaN, T.Count)];
                float[] loaded = new float[T.Count], stored = [.. Enumerable.Repeat(float.NaN, T.Count + 1)];
                fixed (float* s = source, l = loaded, d = stored)
                {
                    T.Store(T.LoadPartial(s, count), l);
                    fixed (float* all = from)
                        T.StorePartial(T.Load(all), d, count);
                }

                Assert.Equal([.. from[..count], .. new float[T.Count - count]], loaded);
                Assert.Equal(from[..count], stored[..count]);
                Assert.All(stored[count..], value => Assert.True(float.IsNaN(value)));
            }
        }
    }

    sealed class Arithmetic : ILaw
    {
        public void Holds<T>()
            where T : unmanaged, ISimd<T>
        {
            float[] a = KernelSets.Values(T.Count, 1, 9), b = KernelSets.Values(T.Count, 2, 9), c = KernelSets.Values(T.Count, 3, 9), result = new float[T.Count];
            fixed (float* pa = a, pb = b, pc = c, to = result)
            {
                T ra = T.Load(pa), rb = T.Load(pb), rc = T.Load(pc);
                Same(T.Fma(ra, rb, rc), to, result, i => MathF.FusedMultiplyAdd(a[i], b[i], c[i]));
                Same(T.Add(ra, rb), to, result, i => a[i] + b[i]);
                Same(T.Sub(ra, rb), to, result, i => a[i] - b[i]);
                Same(T.Mul(ra, rb), to, result, i => a[i] * b[i]);
                Same(T.Div(ra, rb), to, result, i => a[i] / b[i]);
                Same(T.Min(ra, rb), to, result, i => MathF.Min(a[i], b[i]));
                Same(T.Max(ra, rb), to, result, i => MathF.Max(a[i], b[i]));
                Same(T.Round(ra), to, result, i => MathF.Round(a[i]));
                Same(T.PowerOfTwo(T.Round(ra)), to, result, i => MathF.Pow(2, MathF.Round(a[i])));
                Same(T.Broadcast(7), to, result, _ => 7);
                Same(T.Zero, to, result, _ => 0);

                // The order of the sum is the register's own: a few roundings of numbers below 9.
                Assert.Equal(a.Sum(), T.Sum(ra), 1e-4);
            }
        }

        static void Same<T>(T register, float* to, float[] result, Func<int, float> expected)
            where T : unmanaged, ISimd<T>
        {
            T.Store(register, to);
            for (int i = 0; i < T.Count; i++)
                Assert.Equal(expected(i), result[i]);
        }
    }

    sealed class Largest : ILaw
    {
        public void Holds<T>()
            where T : unmanaged, ISimd<T>
        {
            float[] values = KernelSets.Values(T.Count, 4, 1);
            for (int i = 0; i < T.Count; i++)
            {
                float[] with = [.. values];
                with[i] = 2;
                fixed (float* p = with)
                    Assert.Equal(2, T.Largest(T.Load(p)));
                with[i] = -5;
                fixed (float* p = with)
                    Assert.Equal(with.Max(), T.Largest(T.Load(p)));
            }
        }
    }
}
