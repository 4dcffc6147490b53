using Secateur.Kernels;

namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>Mean squares of mask gradients over probes, unit by unit. Sequences are squared apart: each is a sample of its own, so that the mean is
/// steady after a few probes.</summary>
/// <remarks>What this leaves out of the manifold loss are the products of moves of two rows in different sequences; how far each row moves against every
/// row of all sequences is in. The answers' divergence has no such products.</remarks>
internal sealed class ProbeSums(int probes, int[] units)
{
    readonly double[][] squares = [.. units.Select(count => new double[count])];

    /// <summary>Adds one batch's gradients for one probe.</summary>
    /// <param name="block">Whose units.</param>
    /// <param name="gradients">[sequences, units].</param>
    public void Add(int block, Matrix gradients)
    {
        double[] square = squares[block];
        for (int s = 0; s < gradients.Rows; s++)
        {
            ReadOnlySpan<float> row = gradients.Row(s);
            for (int i = 0; i < row.Length; i++)
                square[i] += (double)row[i] * row[i];
        }
    }

    /// <summary>The sum over sequences of their mean squares.</summary>
    public double Of(int block, int unit) => squares[block][unit] / probes;
}
