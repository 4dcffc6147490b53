using System.Numerics;
using System.Runtime.InteropServices;

namespace Secateur.Compression.Structured.Correct;

/// <summary>Solves (G + damping I) x = b for a symmetric G without negative eigenvalues, in float64, by conjugate gradients with the diagonal as
/// preconditioner (Hestenes and Stiefel 1952).</summary>
internal static class ConjugateGradients
{
    const double Tolerance = 1e-9;
    const int MostSteps = 1000;

    /// <summary>Solves.</summary>
    /// <param name="matrix">G, [n, n] row-major.</param>
    /// <param name="right">b, [n].</param>
    /// <param name="damping">Positive where G may be singular; added to the diagonal.</param>
    /// <returns>x, [n]; entries of units that nothing depends on (a zero diagonal) are 0.</returns>
    public static double[] Solve(double[] matrix, double[] right, double damping)
    {
        int n = right.Length;
        double[] x = new double[n], rest = [.. right], scaled = new double[n], image = new double[n], inverse = new double[n];
        for (int i = 0; i < n; i++)
            inverse[i] = matrix[(i * n) + i] + damping is var diagonal && diagonal > 0 ? 1 / diagonal : 0;
        double energy = Precondition(), enough = energy * Tolerance * Tolerance;
        double[] direction = [.. scaled];
        for (int step = 0; step < MostSteps && energy > enough; step++)
        {
            for (int i = 0; i < n; i++)
                image[i] = Dot(matrix.AsSpan(i * n, n), direction) + (damping * direction[i]);
            double curvature = Dot(direction, image);
            if (curvature <= 0)
                break;
            double length = energy / curvature;
            for (int i = 0; i < n; i++)
                (x[i], rest[i]) = (x[i] + (length * direction[i]), rest[i] - (length * image[i]));
            double before = energy;
            energy = Precondition();
            for (int i = 0; i < n; i++)
                direction[i] = scaled[i] + (energy / before * direction[i]);
        }

        return x;

        double Precondition()
        {
            for (int i = 0; i < n; i++)
                scaled[i] = inverse[i] * rest[i];
            return Dot(rest, scaled);
        }
    }

    /// <summary>a . b.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ReadOnlySpan<Vector<double>> wideA = MemoryMarshal.Cast<double, Vector<double>>(a), wideB = MemoryMarshal.Cast<double, Vector<double>>(b);
        Vector<double> sums = default;
        for (int i = 0; i < wideA.Length; i++)
            sums += wideA[i] * wideB[i];
        double sum = Vector.Sum(sums);
        for (int i = wideA.Length * Vector<double>.Count; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
