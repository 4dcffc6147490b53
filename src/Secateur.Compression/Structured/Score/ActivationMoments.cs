using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Structured.Score;

/// <summary>Mean and mean square of columns of activations over all tokens of a calibration.</summary>
internal sealed class ActivationMoments(int columns)
{
    readonly double[] sums = new double[columns];
    readonly double[] squares = new double[columns];
    long rows;

    /// <summary>The mean of a column's squares: the square of its norm, a token.</summary>
    public double MeanSquare(int column) => squares[column] / rows;

    /// <summary>The sample variance of a column.</summary>
    public double Variance(int column) => Math.Max(0, squares[column] - (sums[column] * sums[column] / rows)) / Math.Max(1, rows - 1);

    void Add(Matrix activations)
    {
        rows += activations.Rows;
        for (int i = 0; i < activations.Rows; i++)
        {
            ReadOnlySpan<float> row = activations.Row(i);
            for (int c = 0; c < row.Length; c++)
                (sums[c], squares[c]) = (sums[c] + row[c], squares[c] + ((double)row[c] * row[c]));
        }
    }

    /// <summary>Looks at every block in turn.</summary>
    /// <param name="calibration">The network and what it looks at.</param>
    /// <param name="found">Told the moments of a block's head columns, before the projection, and of its neurons.</param>
    /// <param name="progress">Told the part that is done.</param>
    /// <param name="cancellation">Stops it.</param>
    public static void Visit(Calibration calibration, Action<int, ActivationMoments, ActivationMoments> found, IProgress<double>? progress, CancellationToken cancellation)
    {
        Transformer network = calibration.Network;
        var seen = new BlockActivations();
        TokenRows[] tokens = [.. CalibrationChunks.Cut(calibration, RowsAtOnce).Select(chunk => chunk.Copy())];
        for (int block = 0; block < network.Depth; block++)
        {
            BlockShape shape = network.Blocks[block];
            (ActivationMoments heads, ActivationMoments neurons) = (new(shape.Heads * shape.HeadDim), new(shape.Neurons));
            foreach (TokenRows chunk in tokens)
            {
                cancellation.ThrowIfCancellationRequested();
                network.Look(block, chunk, seen);
                heads.Add(seen.HeadOutputs);
                neurons.Add(seen.Neurons);
                for (int i = 0; i < chunk.Count; i++)
                    seen.Output.Row(i).CopyTo(chunk.Rows.Row(i));
            }

            found(block, heads, neurons);
            progress?.Report((block + 1.0) / network.Depth);
        }
    }

    const int RowsAtOnce = 2048;
}
