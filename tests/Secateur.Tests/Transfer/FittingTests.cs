using System.Collections.Immutable;
using Secateur.Evaluation.Transfer;

namespace Secateur.Tests.Transfer;

public sealed class FittingTests
{
    [Fact]
    public void A_convex_quadratic_is_minimised_where_its_equations_say()
    {
        // x'Ax / 2 - b'x has its minimum where Ax = b: here at (1, -2, 3).
        double[][] a = [[4, 1, 0], [1, 3, -1], [0, -1, 2]];
        double[] b = [2, -8, 8], point = new double[3];
        double value = Lbfgs.Minimise(
            (at, gradient) =>
            {
                double sum = 0;
                for (int i = 0; i < 3; i++)
                {
                    gradient[i] = -b[i];
                    for (int j = 0; j < 3; j++)
                        gradient[i] += a[i][j] * at[j];
                    sum += at[i] * (gradient[i] - b[i]) / 2;
                }

                return sum;
            },
            point);

        // 1e-6: the largest part of a gradient that counts as none, and the smallest eigenvalue of A is above 1.
        Assert.Equal(1, point[0], 1e-6);
        Assert.Equal(-2, point[1], 1e-6);
        Assert.Equal(3, point[2], 1e-6);
        Assert.Equal(-21, value, 1e-9);
    }

    [Fact]
    public void A_curved_valley_is_followed_to_its_end()
    {
        double[] point = [-1.2, 1];
        Lbfgs.Minimise(
            (at, gradient) =>
            {
                double x = at[0], y = at[1];
                (gradient[0], gradient[1]) = ((-400 * x * (y - (x * x))) - (2 * (1 - x)), 200 * (y - (x * x)));
                return (100 * Math.Pow(y - (x * x), 2)) + Math.Pow(1 - x, 2);
            },
            point);

        // Rosenbrock's function is flat along its valley: a gradient of 1e-6 is 1e-5 of a way.
        Assert.Equal(1, point[0], 1e-4);
        Assert.Equal(1, point[1], 1e-4);
    }

    [Fact]
    public void A_logistic_classifier_of_one_number_meets_the_equation_of_its_minimum()
    {
        // Features -1 and 1, three of four right each way: without regularisation the log odds of 1 are log 3, and twice the weight is their difference.
        FeatureSet features = Features([-1, -1, -1, -1, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1, 1, 0]);
        LinearHead head = LogisticHead.Fit(features, 2, 1e-9);
        Assert.Equal(Math.Log(3), head.Weights[1][0] - head.Weights[0][0], 1e-4);
        Assert.Equal(head.Bias[0], head.Bias[1], 1e-4);
    }

    [Fact]
    public void A_ridge_classifier_solves_its_equations()
    {
        // Standardised features -1 and 1: the covariance with the indicator of class 1 is 1/4, so that the weight is 1/4 / (1 + strength).
        LinearHead head = RidgeHead.Fit(Features([10, 10, 10, 10, 14, 14, 14, 14], [0, 0, 0, 1, 1, 1, 1, 0]), 2, 0.25);
        Assert.Equal(0.2 / 2, head.Weights[1][0], 1e-6);
        Assert.Equal(0.5 - (0.2 / 2 * 12), head.Bias[1], 1e-5);
    }

    [Theory]
    [InlineData(HeadKind.Ridge)]
    [InlineData(HeadKind.Logistic)]
    public void Classes_that_lie_apart_are_told_apart_also_with_features_that_never_change(HeadKind kind)
    {
        var random = new Random(7);
        ImmutableArray<int> labels = [.. Enumerable.Range(0, 60).Select(i => i % 3)];
        var features = new FeatureSet(4, [.. labels.Select(label => new float[] { label == 0 ? 5 : 0, label == 1 ? 5 : 0, 7, 0 }.Select((x, j) => j < 2 ? x + random.NextSingle() : x).ToArray())], labels);
        HeadFit fit = HeadFit.Of(features, ["a", "b", "c"], kind);
        Assert.Equal(60, fit.Head.Right(features).Count);
        Assert.Equal(HeadFit.Strengths.AsEnumerable(), fit.Tried.Select(one => one.Strength));
    }

    [Fact]
    public void What_cannot_be_learned_from_is_an_error_that_says_why()
    {
        FeatureSet features = Features([1, 2, 3, 4], [0, 0, 0, 1]);
        Assert.Contains("one class", Assert.Throws<InvalidDataException>(() => HeadFit.Of(features, ["a"], HeadKind.Ridge)).Message, StringComparison.Ordinal);
        Assert.Contains("b, c have fewer than 2", Assert.Throws<InvalidDataException>(() => HeadFit.Of(features, ["a", "b", "c"], HeadKind.Ridge)).Message.Replace(" has", " have", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    static FeatureSet Features(float[] x, int[] labels) => new(1, [.. x.Select(value => new[] { value })], [.. labels]);
}
