using Secateur.Kernels.Simd;

namespace Secateur.Kernels;

/// <summary>The activations of <see cref="Activation"/>.</summary>
internal static unsafe class Activate<T>
    where T : unmanaged, ISimd<T>
{
    internal static void Run(Activation activation, float* x, int n)
    {
        for (int i = 0; i < n; i++)
            x[i] = activation switch
            {
                Activation.None => x[i],
                Activation.Gelu => (float)(x[i] * 0.5 * (1 + Erf(x[i] / Math.Sqrt(2)))),
                Activation.GeluTanh => (float)(x[i] * 0.5 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x[i] + (0.044715 * x[i] * x[i] * x[i]))))),
                Activation.GeluQuick => (float)(x[i] / (1 + Math.Exp(-1.702 * x[i]))),
                _ => (float)(x[i] / (1 + Math.Exp(-x[i]))),
            };
    }

    static double Erf(double x)
    {
        // Series for small arguments, continued fraction's asymptote beyond: first, plain version.
        if (Math.Abs(x) > 5)
            return Math.Sign(x);
        double sum = x, term = x;
        for (int n = 1; n < 120; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return sum * 2 / Math.Sqrt(Math.PI);
    }
}
