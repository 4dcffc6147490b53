using Secateur.Kernels.Simd;

namespace Secateur.Kernels;

/// <summary>Softmax of a row, the maximum subtracted first.</summary>
internal static unsafe class Softmax<T>
    where T : unmanaged, ISimd<T>
{
    internal static void Run(float* x, int n)
    {
        float largest = float.NegativeInfinity, sum = 0;
        for (int i = 0; i < n; i++)
            largest = MathF.Max(largest, x[i]);
        for (int i = 0; i < n; i++)
            sum += x[i] = MathF.Exp(x[i] - largest);
        for (int i = 0; i < n; i++)
            x[i] /= sum;
    }
}
