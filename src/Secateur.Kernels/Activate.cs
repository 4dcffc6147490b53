using System.Runtime.CompilerServices;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>The activations of <see cref="Activation"/>: one register at a time, and over floats in a row.</summary>
internal static unsafe class Activate<T>
    where T : unmanaged, ISimd<T>
{
    /// <summary>An activation that the compiler knows, so that it becomes part of the loop around it.</summary>
    internal interface IFunction
    {
        static abstract T Run(T x);
    }

    /// <summary>Applies an activation in place.</summary>
    /// <param name="activation">Which.</param>
    /// <param name="x">[n].</param>
    /// <param name="n">Number of floats; none after them is read.</param>
    internal static void Run(Activation activation, float* x, int n)
    {
        switch (activation)
        {
            case Activation.None:
                break;
            case Activation.Gelu:
                Each<GeluFunction>(x, n);
                break;
            case Activation.GeluTanh:
                Each<GeluTanhFunction>(x, n);
                break;
            case Activation.GeluQuick:
                Each<GeluQuickFunction>(x, n);
                break;
            case Activation.Silu:
                Each<SiluFunction>(x, n);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation.");
        }
    }

    /// <summary>
    /// x * Phi(x) with an absolute error below 3e-7. Written as max(x, 0) - a * Phi(-a), a = |x|: no cancellation on either side, and
    /// the second term is a polynomial (weighted for the least largest error of the product) on [0, 5.5], beyond which it is below 1.1e-7.
    /// Cheaper than an error function with its division: 18 multiply-adds.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    internal static T Gelu(T x)
    {
        T a = T.Min(T.Broadcast(5.5f), T.Max(T.Sub(T.Zero, x), x));
        T u = T.Fma(a, T.Broadcast(2 / 5.5f), T.Broadcast(-1)); // [-1, 1], where the coefficients stay small
        T y = T.Broadcast(-0.00237572243f);
        y = T.Fma(y, u, T.Broadcast(0.00814157249f));
        y = T.Fma(y, u, T.Broadcast(0.00216966753f));
        y = T.Fma(y, u, T.Broadcast(-0.0383772827f));
        y = T.Fma(y, u, T.Broadcast(0.0342406195f));
        y = T.Fma(y, u, T.Broadcast(0.0595673619f));
        y = T.Fma(y, u, T.Broadcast(-0.12754059f));
        y = T.Fma(y, u, T.Broadcast(0.0282219565f));
        y = T.Fma(y, u, T.Broadcast(0.161288099f));
        y = T.Fma(y, u, T.Broadcast(-0.216178938f));
        y = T.Fma(y, u, T.Broadcast(0.0516567899f));
        y = T.Fma(y, u, T.Broadcast(0.17678338f));
        y = T.Fma(y, u, T.Broadcast(-0.271902293f));
        y = T.Fma(y, u, T.Broadcast(0.206835582f));
        y = T.Fma(y, u, T.Broadcast(-0.094557905f));
        y = T.Fma(y, u, T.Broadcast(0.0250074537f));
        y = T.Fma(y, u, T.Broadcast(-0.00297976452f));
        return T.Fma(a, y, T.Max(T.Zero, x));
    }

    /// <summary>x * (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2, as x * sigmoid of twice the inner value.</summary>
    [MethodImpl(AggressiveInlining)]
    internal static T GeluTanh(T x)
    {
        T inner = T.Mul(x, T.Fma(T.Mul(x, x), T.Broadcast(-1.59576912f * 0.044715f), T.Broadcast(-1.59576912f)));
        return T.Div(x, T.Add(T.Broadcast(1), Exp<T>.Run(inner)));
    }

    /// <summary>x * sigmoid(1.702 x).</summary>
    [MethodImpl(AggressiveInlining)]
    internal static T GeluQuick(T x) => T.Div(x, T.Add(T.Broadcast(1), Exp<T>.Run(T.Mul(x, T.Broadcast(-1.702f)))));

    /// <summary>x * sigmoid(x).</summary>
    [MethodImpl(AggressiveInlining)]
    internal static T Silu(T x) => T.Div(x, T.Add(T.Broadcast(1), Exp<T>.Run(T.Sub(T.Zero, x))));

    [MethodImpl(AggressiveOptimization)]
    static void Each<TFunction>(float* x, int n)
        where TFunction : struct, IFunction
    {
        int i = 0;
        for (; i <= n - T.Count; i += T.Count)
            T.Store(TFunction.Run(T.Load(x + i)), x + i);
        if (i < n)
            T.StorePartial(TFunction.Run(T.LoadPartial(x + i, n - i)), x + i, n - i);
    }

    internal readonly struct NoFunction : IFunction
    {
        [MethodImpl(AggressiveInlining)]
        public static T Run(T x) => x;
    }

    internal readonly struct GeluFunction : IFunction
    {
        [MethodImpl(AggressiveInlining)]
        public static T Run(T x) => Gelu(x);
    }

    internal readonly struct GeluTanhFunction : IFunction
    {
        [MethodImpl(AggressiveInlining)]
        public static T Run(T x) => GeluTanh(x);
    }

    internal readonly struct GeluQuickFunction : IFunction
    {
        [MethodImpl(AggressiveInlining)]
        public static T Run(T x) => GeluQuick(x);
    }

    internal readonly struct SiluFunction : IFunction
    {
        [MethodImpl(AggressiveInlining)]
        public static T Run(T x) => Silu(x);
    }
}
