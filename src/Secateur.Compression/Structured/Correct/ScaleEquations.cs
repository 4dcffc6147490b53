using Secateur.Kernels;

namespace Secateur.Compression.Structured.Correct;

/// <summary>By what is each unit of a layer multiplied so that what the units add together comes nearest to a target, all rows and columns alike?
/// The normal equations of these least squares: with activations a_j and outgoing weights w_j they are G_jk = sum over rows a_j a_k (w_j . w_k),
/// which needs products of the sizes of the layer alone, never the [rows * width, units] matrix itself. A head is a unit of several columns.</summary>
/// <param name="threads">Who works.</param>
/// <param name="weight">Outgoing weights, LayerScale included, [width, columns].</param>
/// <param name="width">Floats in a token.</param>
/// <param name="unitColumns">Columns of a unit: those of a head; 1 for neurons.</param>
internal sealed class ScaleEquations(Threads threads, float[] weight, int width, int unitColumns)
{
    readonly int columns = weight.Length / width;
    readonly double[] activationProducts = new double[(long)(weight.Length / width) * (weight.Length / width)];
    readonly double[] targetProducts = new double[(long)(weight.Length / width) * width];
    readonly double[] activationSums = new double[weight.Length / width];
    readonly double[] targetSums = new double[width];
    long rows;

    /// <summary>Adds rows.</summary>
    /// <param name="activations">[rows, columns].</param>
    /// <param name="target">What the units should add, [rows, width].</param>
    public void Add(Matrix activations, Matrix target)
    {
        Matrix activationsTurned = Turned(activations), targetTurned = Turned(target);
        Accumulate(activationsTurned, activationsTurned, activationProducts);
        Accumulate(activationsTurned, targetTurned, targetProducts);
        Sum(activationsTurned, activationSums);
        Sum(targetTurned, targetSums);
        rows += activations.Rows;
    }

    /// <summary>The scales of least squared error plus damping * (their distance from 1)^2, none of them beyond a limit.</summary>
    /// <param name="damping">In parts of the mean of G's diagonal; positive.</param>
    /// <param name="limit">Magnitude of a scale at most.</param>
    /// <param name="intercept">Whether a constant is fitted with them.</param>
    /// <param name="insist">What follows where a scale leaves the limit: ten times the damping, until none does. Otherwise, or where nothing helps, null is returned.</param>
    /// <returns>A scale a unit, and the constant, [width]: zeros where none is fitted.</returns>
    public (double[] Scales, double[] Constant)? Solve(double damping, double limit, bool intercept, bool insist)
    {
        if (intercept)
            Centre();
        (double[] matrix, double[] right, double mean) = ByUnit();
        double[] scales = Scales(damping);
        while (scales.Any(scale => !(Math.Abs(scale) <= limit)))
        {
            if (!insist || damping > 1e9)
                return null;
            scales = Scales(damping *= 10);
        }

        return (scales, intercept ? Constant(scales) : new double[width]);

        double[] Scales(double damping) => [.. ConjugateGradients.Solve(matrix, right, damping * mean).Select(distance => 1 + distance)];
    }

    /// <summary>The equations of the scales' distances from 1: G [units, units], what it must yield [units], and the mean of G's diagonal.</summary>
    (double[] Matrix, double[] Right, double Mean) ByUnit()
    {
        int units = columns / unitColumns;
        Matrix turned = Outgoing();
        var weightProducts = new double[activationProducts.Length];
        Accumulate(turned, turned, weightProducts);
        double[] matrix = new double[units * units], right = new double[units];
        for (int i = 0; i < columns; i++)
        {
            int unit = i / unitColumns;
            for (int j = 0; j < columns; j++)
                matrix[(unit * units) + (j / unitColumns)] += activationProducts[(i * columns) + j] * weightProducts[(i * columns) + j];
            for (int c = 0; c < width; c++)
                right[unit] += targetProducts[(i * width) + c] * turned.Row(i)[c];
        }

        double trace = 0;
        for (int i = 0; i < units; i++)
        {
            trace += matrix[(i * units) + i];
            for (int j = 0; j < units; j++)
                right[i] -= matrix[(i * units) + j];
        }

        return (matrix, right, trace / Math.Max(units, 1));
    }

    /// <summary>What is left of the target on the average once the scaled units have added their share.</summary>
    double[] Constant(double[] scales)
    {
        var constant = new double[width];
        for (int c = 0; c < width && rows > 0; c++)
        {
            constant[c] = targetSums[c] / rows;
            for (int j = 0; j < columns; j++)
                constant[c] -= weight[(c * columns) + j] * scales[j / unitColumns] * activationSums[j] / rows;
        }

        return constant;
    }

    /// <summary>[columns, width].</summary>
    Matrix Outgoing()
    {
        Matrix turned = Matrix.Allocate(columns, width);
        for (int j = 0; j < columns; j++)
            for (int c = 0; c < width; c++)
                turned.Row(j)[c] = weight[(c * columns) + j];
        return turned;
    }

    /// <summary>Products of differences from the means instead of products.</summary>
    void Centre()
    {
        for (int i = 0; i < columns && rows > 0; i++)
        {
            for (int j = 0; j < columns; j++)
                activationProducts[(i * columns) + j] -= activationSums[i] * activationSums[j] / rows;
            for (int c = 0; c < width; c++)
                targetProducts[(i * width) + c] -= activationSums[i] * targetSums[c] / rows;
        }
    }

    /// <summary>sums += a b^T.</summary>
    void Accumulate(Matrix a, Matrix b, double[] sums)
    {
        var flat = new float[b.Rows * b.Columns];
        for (int i = 0; i < b.Rows; i++)
            b.Row(i).CopyTo(flat.AsSpan(i * b.Columns));
        Matrix product = Matrix.Allocate(a.Rows, b.Rows);
        KernelSet.Default.Multiply(threads, a, KernelSet.Default.Pack(flat, b.Rows, b.Columns), product, default);
        for (int i = 0; i < a.Rows; i++)
        {
            Span<float> row = product.Row(i);
            for (int j = 0; j < row.Length; j++)
                sums[(i * row.Length) + j] += row[j];
        }
    }

    static Matrix Turned(Matrix matrix)
    {
        Matrix turned = Matrix.Allocate(matrix.Columns, matrix.Rows);
        for (int j = 0; j < matrix.Columns; j++)
        {
            Span<float> row = turned.Row(j);
            for (int i = 0; i < row.Length; i++)
                row[i] = matrix.Row(i)[j];
        }

        return turned;
    }

    static void Sum(Matrix turned, double[] sums)
    {
        for (int i = 0; i < turned.Rows; i++)
            foreach (float value in turned.Row(i))
                sums[i] += value;
    }
}
