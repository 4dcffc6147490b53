namespace Secateur.Evaluation.Transfer;

/// <summary>Multinomial logistic regression: the mean cross entropy plus strength / 2 times the squared weights, minimised by <see cref="Lbfgs"/>.</summary>
internal static class LogisticHead
{
    /// <summary>Fits.</summary>
    /// <param name="features">To learn from.</param>
    /// <param name="classes">How many classes.</param>
    /// <param name="strength">Of the regularisation, above 0; the bias is free.</param>
    /// <param name="cancellation">Stops it.</param>
    public static LinearHead Fit(FeatureSet features, int classes, double strength, CancellationToken cancellation = default)
    {
        var x = new Standardised(features);
        int width = x.Width, stride = width + 1;
        var point = new double[classes * stride];
        Lbfgs.Minimise(Loss, point, cancellation: cancellation);
        return x.Fold([.. Enumerable.Range(0, classes).Select(c => point[(c * stride)..((c * stride) + width)])], [.. Enumerable.Range(0, classes).Select(c => point[(c * stride) + width])]);

        double Loss(ReadOnlySpan<double> at, Span<double> gradient)
        {
            gradient.Clear();
            double loss = 0;
            var p = new double[classes];
            for (int i = 0; i < x.Rows.Length; i++)
            {
                ReadOnlySpan<double> row = x.Rows[i];
                for (int c = 0; c < classes; c++)
                {
                    ReadOnlySpan<double> weights = at.Slice(c * stride, stride);
                    double logit = weights[width];
                    for (int j = 0; j < row.Length; j++)
                        logit += weights[j] * row[j];
                    p[c] = logit;
                }

                double largest = p.Max(), total = p.Sum(logit => Math.Exp(logit - largest)), log = largest + Math.Log(total);
                loss += log - p[features.Labels[i]];
                for (int c = 0; c < classes; c++)
                {
                    double pull = (Math.Exp(p[c] - log) - (c == features.Labels[i] ? 1 : 0)) / x.Rows.Length;
                    Span<double> own = gradient.Slice(c * stride, stride);
                    own[width] += pull;
                    for (int j = 0; j < row.Length; j++)
                        own[j] += pull * row[j];
                }
            }

            double squares = 0;
            for (int k = 0; k < at.Length; k++)
            {
                if (k % stride == width)
                    continue;
                squares += at[k] * at[k];
                gradient[k] += strength * at[k];
            }

            return (loss / x.Rows.Length) + (strength / 2 * squares);
        }
    }
}
