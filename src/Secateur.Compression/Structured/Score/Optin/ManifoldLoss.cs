using Secateur.Kernels;

namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>The manifold loss of one block: how far the relations between its tokens move (OPTIN, ICLR 2024, section 3; the manifold distillation of
/// Hao et al., NeurIPS 2022, over a sample of rows as in OPTIN's released code): the squared difference of the Gram matrices of unit rows, summed.</summary>
/// <remarks>With S = T + D, the difference of S S^T and T T^T is M + M^T for M = (T + D/2) D^T: one product that does not lose small changes,
/// where the difference of two Gram matrices would drown them in rounding.</remarks>
internal sealed class ManifoldLoss(int rows, int width)
{
    readonly Matrix middle = Matrix.Allocate(rows, width);
    readonly Matrix product = Matrix.Allocate(rows, rows);
    readonly float[] difference = new float[rows * width];

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
            Span<float> d = difference.AsSpan(i * width, width), m = middle.Row(i);
            for (int c = 0; c < width; c++)
                (d[c], m[c]) = (s[c] - t[c], t[c] + (0.5f * (s[c] - t[c])));
        }

        KernelSet.Default.Multiply(threads, middle, KernelSet.Default.Pack(difference, rows, width), product, default);
        double sum = 0;
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<float> row = product.Row(i);
            for (int j = 0; j < i; j++)
            {
                double change = (double)row[j] + product.Row(j)[i];
                sum += 2 * change * change;
            }

            sum += 4 * (double)row[i] * row[i];
        }

        return sum;
    }
}
