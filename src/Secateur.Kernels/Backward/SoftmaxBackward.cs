using System.Runtime.CompilerServices;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>The gradient of softmax over a row.</summary>
internal static unsafe class SoftmaxBackward<T>
    where T : unmanaged, ISimd<T>
{
    [MethodImpl(AggressiveOptimization)]
    internal static void Run(float* p, float* gradient, int n)
    {
        int w = T.Count, whole = n / w * w, rest = n - whole;
        T sum = T.Zero;
        for (int i = 0; i < whole; i += w)
            sum = T.Fma(T.Load(p + i), T.Load(gradient + i), sum);
        sum = T.Fma(T.LoadPartial(p + whole, rest), T.LoadPartial(gradient + whole, rest), sum);
        T mean = T.Broadcast(T.Sum(sum));
        for (int i = 0; i < whole; i += w)
            T.Store(T.Mul(T.Load(p + i), T.Sub(T.Load(gradient + i), mean)), gradient + i);
        T.StorePartial(T.Mul(T.LoadPartial(p + whole, rest), T.Sub(T.LoadPartial(gradient + whole, rest), mean)), gradient + whole, rest);
    }
}
