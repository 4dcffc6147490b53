using Secateur.Kernels;

namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>The manifold loss of one block: how far the relations between its tokens move (OPTIN, ICLR 2024, section 3; the manifold distillation of
/// Hao et al., NeurIPS 2022, over a sample of rows as in OPTIN's released code): the squared difference of the Gram matrices of unit rows, summed.</summary>
/// <remarks>With student S = T + D and the mean U = T + D/2, the difference of S S^T and T T^T is U D^T + D U^T: one product of [U, D] and [D, U]
/// that keeps small changes, which a difference of two Gram matrices would drown in rounding. It is symmetric, so that half of its tiles do.</remarks>
internal sealed class ManifoldLoss(int rows, int width)
{
    const int Tile = 64;

    readonly Matrix left = Matrix.Allocate(rows, 2 * width);
    readonly Matrix product = Matrix.Allocate(rows, Tile);
    readonly float[] right = new float[Tile * 2 * width];

    /// <summary>The loss; at least 0.</summary>
    /// <param name="threads">Who works.</param>
    /// <param name="teacher">Unit rows of the whole network, [rows, width].</param>
    /// <param name="student">The same rows of the changed one, [rows, width].</param>
    /// <returns>The sum over all pairs of rows.</returns>
    public double Of(Threads threads, Matrix teacher, Matrix student)
    {
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<float> t = teacher.Row(i), s = student.Row(i);
            Span<float> u = left.Row(i)[..width], d = left.Row(i)[width..];
            for (int c = 0; c < width; c++)
            {
                d[c] = s[c] - t[c];
                u[c] = t[c] + (0.5f * d[c]);
            }
        }

        double sum = 0;
        for (int first = 0; first < rows; first += Tile)
            sum += OfTiles(threads, first, Math.Min(Tile, rows - first));
        return sum;
    }

    /// <summary>The pairs of some rows with each other, and twice those with later rows.</summary>
    double OfTiles(Threads threads, int first, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> row = left.Row(first + i);
            row[width..].CopyTo(right.AsSpan(i * 2 * width));
            row[..width].CopyTo(right.AsSpan((((i * 2) + 1) * width)));
        }

        Matrix changes = product.SliceRows(0, rows - first).SliceColumns(0, count);
        KernelSet.Default.Multiply(threads, left.SliceRows(first, rows - first), KernelSet.Default.Pack(right.AsSpan(0, count * 2 * width), count, 2 * width), changes, default);
        (double among, double with) = (0, 0);
        for (int i = 0; i < count; i++)
            among += Squares(changes.Row(i));
        for (int i = count; i < rows - first; i++)
            with += Squares(changes.Row(i));
        return among + (2 * with);
    }

    static double Squares(ReadOnlySpan<float> x)
    {
        (double a, double b, double c, double d) = (0, 0, 0, 0);
        int i = 0;
        for (; i <= x.Length - 4; i += 4)
        {
            a += (double)x[i] * x[i];
            b += (double)x[i + 1] * x[i + 1];
            c += (double)x[i + 2] * x[i + 2];
            d += (double)x[i + 3] * x[i + 3];
        }

        for (; i < x.Length; i++)
            a += (double)x[i] * x[i];
        return a + b + (c + d);
    }
}
