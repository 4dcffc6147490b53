using Secateur.Kernels;

namespace Secateur.Tests.Kernels;

/// <summary>Gradients by their formulas, in double precision.</summary>
internal static class BackwardTwins
{
    /// <summary>The slope of an activation.</summary>
    public static double Slope(Activation activation, double x) => activation switch
    {
        Activation.Gelu => Distribution(x) + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)),
        Activation.GeluTanh => Sigmoidal(x, 1.5957691216057308 * x * (1 + (0.044715 * x * x)), 1.5957691216057308 * (1 + (3 * 0.044715 * x * x))),
        Activation.GeluQuick => Sigmoidal(x, 1.702 * x, 1.702),
        Activation.Silu => Sigmoidal(x, x, 1),
        _ => 1,
    };

    static double Sigmoidal(double x, double inner, double slope)
    {
        double s = 1 / (1 + Math.Exp(-inner));
        return Math.Abs(x) > 1000 ? Math.Max(0, Math.Sign(x)) : s + (x * slope * s * (1 - s));
    }

    /// <summary>Phi(x): the integral of the density, by Simpson's rule beyond what rounding shows.</summary>
    static double Distribution(double x)
    {
        if (Math.Abs(x) > 9)
            return x > 0 ? 1 : 0;
        double sum = x, term = x;
        for (int n = 1; n < 200; n++)
            sum += term *= -x * x * ((2 * n) - 1) / (2.0 * n * ((2 * n) + 1));
        return Math.Abs(x) < 5 ? 0.5 + (sum / Math.Sqrt(2 * Math.PI)) : x > 0 ? 1 - 2e-7 : 2e-7; // the series loses digits further out, where the tail is below 3e-7
    }

    /// <summary>What comes back through a norm.</summary>
    public static double[] Norm(ReadOnlySpan<float> x, float[] scale, double epsilon, ReadOnlySpan<float> gradient)
    {
        int n = x.Length;
        double mean = 0, variance = 0, plain = 0, product = 0;
        foreach (float value in x)
            mean += value / (double)n;
        foreach (float value in x)
            variance += (value - mean) * (value - mean) / n;
        double factor = 1 / Math.Sqrt(variance + epsilon);
        for (int j = 0; j < n; j++)
        {
            plain += (double)scale[j] * gradient[j] / n;
            product += (double)scale[j] * gradient[j] * (x[j] - mean) * factor / n;
        }

        var result = new double[n];
        for (int j = 0; j < n; j++)
            result[j] = factor * (((double)scale[j] * gradient[j]) - plain - ((x[j] - mean) * factor * product));
        return result;
    }
}
