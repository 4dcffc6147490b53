using System.Runtime.CompilerServices;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>Softmax of a row, the maximum subtracted first.</summary>
internal static unsafe class Softmax<T>
    where T : unmanaged, ISimd<T>
{
    [MethodImpl(AggressiveOptimization)]
    internal static void Run(float* x, int n)
    {
        int w = T.Count, whole = n / w * w, rest = n - whole;
        T most = T.Broadcast(float.NegativeInfinity);
        for (int i = 0; i < whole; i += w)
            most = T.Max(most, T.Load(x + i));
        float largest = T.Largest(most);
        for (int i = whole; i < n; i++)
            largest = MathF.Max(largest, x[i]);
        most = T.Broadcast(largest);
        T sum = T.Zero;
        for (int i = 0; i < whole; i += w)
        {
            T y = Exp<T>.Run(T.Sub(T.Load(x + i), most));
            T.Store(y, x + i);
            sum = T.Add(sum, y);
        }

        float total = T.Sum(sum);
        if (rest > 0)
        {
            T.StorePartial(Exp<T>.Run(T.Sub(T.LoadPartial(x + whole, rest), most)), x + whole, rest);
            for (int i = whole; i < n; i++)
                total += x[i];
        }

        T factor = T.Broadcast(1 / total);
        for (int i = 0; i < whole; i += w)
            T.Store(T.Mul(T.Load(x + i), factor), x + i);
        if (rest > 0)
            T.StorePartial(T.Mul(T.LoadPartial(x + whole, rest), factor), x + whole, rest);
    }
}
