namespace Secateur.Evaluation.Transfer;

/// <summary>A linear classifier on features.</summary>
/// <param name="Weights">[classes][width].</param>
/// <param name="Bias">[classes].</param>
public sealed record LinearHead(float[][] Weights, float[] Bias)
{
    /// <summary>How many features it answers rightly; of equal logits the lower class counts.</summary>
    /// <param name="features">With labels.</param>
    /// <returns>The part.</returns>
    public Proportion Right(FeatureSet features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return new(Enumerable.Range(0, features.Count).Count(i => Answer(features.Rows[i]) == features.Labels[i]), features.Count);
    }

    int Answer(float[] feature)
    {
        (int best, double most) = (0, double.NegativeInfinity);
        for (int c = 0; c < Weights.Length; c++)
        {
            double logit = Bias[c];
            for (int j = 0; j < feature.Length; j++)
                logit += (double)Weights[c][j] * feature[j];
            if (logit > most)
                (best, most) = (c, logit);
        }

        return best;
    }
}

/// <summary>Features with mean 0 and deviation 1, on which one strength of regularisation means the same everywhere; a classifier of them is folded back.</summary>
internal sealed class Standardised
{
    readonly double[] mean;
    readonly double[] scale;

    /// <summary>Standardises.</summary>
    public Standardised(FeatureSet features)
    {
        (Width, mean, scale) = (features.Width, new double[features.Width], new double[features.Width]);
        for (int j = 0; j < Width; j++)
        {
            mean[j] = features.Rows.Average(row => (double)row[j]);
            double deviation = Math.Sqrt(features.Rows.Average(row => Math.Pow(row[j] - mean[j], 2)));
            scale[j] = deviation > 1e-12 ? 1 / deviation : 0;
        }

        Rows = [.. features.Rows.Select(row => row.Select((x, j) => (x - mean[j]) * scale[j]).ToArray())];
    }

    public int Width { get; }

    /// <summary>[pictures][width].</summary>
    public double[][] Rows { get; }

    /// <summary>The classifier of the features as they were.</summary>
    /// <param name="weights">[classes][width].</param>
    /// <param name="bias">[classes].</param>
    public LinearHead Fold(double[][] weights, double[] bias) => new(
        [.. weights.Select(row => row.Select((w, j) => (float)(w * scale[j])).ToArray())],
        [.. weights.Select((row, c) => (float)(bias[c] - row.Select((w, j) => w * scale[j] * mean[j]).Sum()))]);
}
