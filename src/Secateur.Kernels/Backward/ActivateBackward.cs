using System.Runtime.CompilerServices;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>The slopes of the activations of <see cref="Activation"/>. Beyond 100 on either side every one of them is 0 or 1 to a float,
/// so that arguments are held within, where nothing overflows.</summary>
internal static unsafe class ActivateBackward<T>
    where T : unmanaged, ISimd<T>
{
    interface ISlope
    {
        static abstract T Run(T x);
    }

    internal static void Run(Threads threads, Activation activation, Matrix x, Matrix gradient)
    {
        if (x.Rows != gradient.Rows || x.Columns != gradient.Columns)
            throw new ArgumentException($"[{x.Rows}, {x.Columns}] has no gradient of [{gradient.Rows}, {gradient.Columns}].", nameof(gradient));
        int tasks = RowChunk.Count(x.Rows);
        switch (activation)
        {
            case Activation.None:
                break;
            case Activation.Gelu:
                threads.For(tasks, new Work<GeluSlope>(x, gradient));
                break;
            case Activation.GeluTanh:
                threads.For(tasks, new Work<GeluTanhSlope>(x, gradient));
                break;
            case Activation.GeluQuick:
                threads.For(tasks, new Work<GeluQuickSlope>(x, gradient));
                break;
            case Activation.Silu:
                threads.For(tasks, new Work<SiluSlope>(x, gradient));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation.");
        }
    }

    /// <summary>Phi(x) + x phi(x), Phi from the complementary error function (Abramowitz and Stegun, 7.1.26; error below 1.5e-7), whose
    /// exponential is that of phi.</summary>
    [MethodImpl(AggressiveInlining)]
    internal static T Gelu(T x)
    {
        x = Within(x);
        T one = T.Broadcast(1), a = T.Max(T.Sub(T.Zero, x), x), bell = Exp<T>.Run(T.Mul(T.Mul(x, x), T.Broadcast(-0.5f)));
        T t = T.Div(one, T.Fma(a, T.Broadcast(0.3275911f * 0.707106781f), one));
        T tail = T.Broadcast(1.061405429f / 2);
        tail = T.Fma(tail, t, T.Broadcast(-1.453152027f / 2));
        tail = T.Fma(tail, t, T.Broadcast(1.421413741f / 2));
        tail = T.Fma(tail, t, T.Broadcast(-0.284496736f / 2));
        tail = T.Fma(tail, t, T.Broadcast(0.254829592f / 2));
        tail = T.Mul(T.Mul(tail, t), bell); // Phi(-a)
        T sign = T.Div(x, T.Max(T.Broadcast(1e-30f), a)), half = T.Broadcast(0.5f);
        T distribution = T.Fma(sign, T.Sub(half, tail), half);
        return T.Fma(T.Mul(x, bell), T.Broadcast(0.398942280f), distribution);
    }

    /// <summary>With s the sigmoid of u = sqrt(8 / pi) (x + 0.044715 x^3): s + x u' s (1 - s).</summary>
    [MethodImpl(AggressiveInlining)]
    internal static T GeluTanh(T x)
    {
        x = Within(x);
        T square = T.Mul(x, x), c = T.Broadcast(1.59576912f);
        T inner = T.Mul(x, T.Fma(square, T.Broadcast(1.59576912f * 0.044715f), c));
        return Sigmoidal(x, inner, T.Fma(square, T.Broadcast(3 * 1.59576912f * 0.044715f), c));
    }

    /// <summary>With s the sigmoid of 1.702 x: s + 1.702 x s (1 - s).</summary>
    [MethodImpl(AggressiveInlining)]
    internal static T GeluQuick(T x)
    {
        x = Within(x);
        T c = T.Broadcast(1.702f);
        return Sigmoidal(x, T.Mul(x, c), c);
    }

    /// <summary>With s the sigmoid of x: s + x s (1 - s).</summary>
    [MethodImpl(AggressiveInlining)]
    internal static T Silu(T x)
    {
        x = Within(x);
        return Sigmoidal(x, x, T.Broadcast(1));
    }

    [MethodImpl(AggressiveInlining)]
    static T Sigmoidal(T x, T inner, T slope)
    {
        T one = T.Broadcast(1), s = T.Div(one, T.Add(one, Exp<T>.Run(T.Sub(T.Zero, inner))));
        return T.Fma(T.Mul(x, slope), T.Mul(s, T.Sub(one, s)), s);
    }

    [MethodImpl(AggressiveInlining)]
    static T Within(T x) => T.Min(T.Broadcast(100), T.Max(T.Broadcast(-100), x));

    readonly struct Work<TSlope>(Matrix x, Matrix gradient) : IWork
        where TSlope : struct, ISlope
    {
        public void Run(int task, int worker)
        {
            for (int row = RowChunk.Start(task); row < RowChunk.End(task, x.Rows); row++)
                Row(x.Pointer + ((nint)row * x.Stride), x.Columns, gradient.Pointer + ((nint)row * gradient.Stride));
        }

        // One slope for whole registers and the rest: two of them together, or within another method, are more than the compiler takes into a loop.
        [MethodImpl(AggressiveOptimization | NoInlining)]
        static void Row(float* x, int n, float* gradient)
        {
            for (int i = 0; i < n; i += T.Count)
            {
                bool whole = i <= n - T.Count;
                T slope = TSlope.Run(whole ? T.Load(x + i) : T.LoadPartial(x + i, n - i));
                if (whole)
                    T.Store(T.Mul(slope, T.Load(gradient + i)), gradient + i);
                else
                    T.StorePartial(T.Mul(slope, T.LoadPartial(gradient + i, n - i)), gradient + i, n - i);
            }
        }
    }

    readonly struct GeluSlope : ISlope
    {
        [MethodImpl(AggressiveInlining)]
        public static T Run(T x) => Gelu(x);
    }

    readonly struct GeluTanhSlope : ISlope
    {
        [MethodImpl(AggressiveInlining)]
        public static T Run(T x) => GeluTanh(x);
    }

    readonly struct GeluQuickSlope : ISlope
    {
        [MethodImpl(AggressiveInlining)]
        public static T Run(T x) => GeluQuick(x);
    }

    readonly struct SiluSlope : ISlope
    {
        [MethodImpl(AggressiveInlining)]
        public static T Run(T x) => Silu(x);
    }
}
