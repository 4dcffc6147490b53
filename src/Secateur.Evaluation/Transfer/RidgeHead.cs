namespace Secateur.Evaluation.Transfer;

/// <summary>Ridge regression of the classes' indicators in closed form (Hoerl and Kennard, "Ridge Regression", Technometrics 1970):
/// (X'X / n + strength I) W = X'Y / n by Cholesky in float64.</summary>
internal static class RidgeHead
{
    /// <summary>Fits.</summary>
    /// <param name="features">To learn from.</param>
    /// <param name="classes">How many classes.</param>
    /// <param name="strength">Of the regularisation, above 0.</param>
    public static LinearHead Fit(FeatureSet features, int classes, double strength)
    {
        var x = new Standardised(features);
        int width = x.Width, n = features.Count;

        // 1. Means of products; the indicators' means are the bias, since features have none.
        var moments = new double[width][];
        for (int j = 0; j < width; j++)
            moments[j] = new double[j + 1];
        var target = new double[classes][];
        for (int c = 0; c < classes; c++)
            target[c] = new double[width];
        double[] bias = [.. Enumerable.Range(0, classes).Select(c => (double)features.Labels.Count(label => label == c) / n)];
        for (int i = 0; i < n; i++)
        {
            double[] row = x.Rows[i];
            for (int j = 0; j < width; j++)
                for (int k = 0; k <= j; k++)
                    moments[j][k] += row[j] * row[k] / n;
            double[] own = target[features.Labels[i]];
            for (int j = 0; j < width; j++)
                own[j] += row[j] / n;
        }

        for (int j = 0; j < width; j++)
            moments[j][j] += strength;

        // 2. One factorisation serves every class.
        Cholesky.Factor(moments);
        foreach (double[] column in target)
            Cholesky.Solve(moments, column);
        return x.Fold(target, bias);
    }
}

/// <summary>Solves with a symmetric, positive definite matrix, of which the lower triangle is given.</summary>
internal static class Cholesky
{
    /// <summary>Replaces the matrix by its factor L, L L' = matrix.</summary>
    /// <exception cref="InvalidDataException">It is not positive definite.</exception>
    public static void Factor(double[][] lower)
    {
        for (int j = 0; j < lower.Length; j++)
            for (int k = 0; k <= j; k++)
            {
                double sum = lower[j][k];
                for (int m = 0; m < k; m++)
                    sum -= lower[j][m] * lower[k][m];
                lower[j][k] = k < j ? sum / lower[k][k]
                    : sum > 0 ? Math.Sqrt(sum)
                    : throw new InvalidDataException("The features determine no classifier: they hold numbers that are not finite, or the regularisation is too weak.");
            }
    }

    /// <summary>Replaces a right side by its solution.</summary>
    public static void Solve(double[][] factor, double[] right)
    {
        for (int j = 0; j < right.Length; j++)
        {
            for (int k = 0; k < j; k++)
                right[j] -= factor[j][k] * right[k];
            right[j] /= factor[j][j];
        }

        for (int j = right.Length - 1; j >= 0; j--)
        {
            for (int k = j + 1; k < right.Length; k++)
                right[j] -= factor[k][j] * right[k];
            right[j] /= factor[j][j];
        }
    }
}
