using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Timing;

namespace Secateur.Tests.Evaluation;

/// <summary>Expected values: numpy (corrcoef, of mean ranks for Spearman); intervals: the quantiles of 100,000 samples drawn there.</summary>
public sealed class GlueMetricTests
{
    static readonly double[] Answers =
        [0.0, 0.3, -0.27, -0.89, -0.45, -0.99, 0.06, 1.34, -0.49, -0.62, 0.49, 0.36, 0.11, -0.93, -0.03, 0.7, -1.34, -0.46, -1.9, -1.29, -1.84, -0.24, -1.27, 0.27, 0.16, -0.19, -2.52, -0.54, -0.05, 0.11];

    static readonly double[] Scores =
        [-1.2, -0.2, -0.9, -1.2, 0.6, -1.2, 0.0, 1.5, -0.8, -0.5, 0.4, 0.3, -0.9, -0.5, 1.1, -0.8, -0.1, -0.2, -1.7, 0.8, -0.5, -1.1, -0.7, 0.6, -0.1, 0.4, -1.6, 0.2, 1.1, -0.5];

    static readonly int[] Labels = Digits("0010101010100100001100100000110001010110"), Classes = Digits("0011101010001101000100100000100000000100");

    [Fact]
    public void Pearsons_correlation_is_numpys()
    {
        Estimate r = Correlation.Pearson(Answers, Scores);
        Assert.Equal(0.504330876731495, r.Value, 1e-12);

        // 2,000 samples leave about 0.01 open at either end.
        Assert.Equal(0.117, r.Low, 0.04);
        Assert.Equal(0.746, r.High, 0.02);
    }

    [Fact]
    public void Spearmans_correlation_shares_the_ranks_of_equal_values()
    {
        Assert.Equal(0.4052195625582068, Correlation.Spearman(Answers, Scores).Value, 1e-12);
        Assert.Equal(1, Correlation.Spearman([1, 2, 3, 4], [1, 4, 9, 16]).Value, 1e-12);
    }

    [Fact]
    public void Correlation_with_what_never_changes_is_no_number() => Assert.True(double.IsNaN(Correlation.Pearson([1, 2, 3], [5, 5, 5]).Value));

    [Fact]
    public void F1_and_Matthews_are_numpys()
    {
        Estimate f1 = TwoClasses.F1(Classes, Labels);
        Assert.Equal(2.0 / 3, f1.Value, 1e-12);
        Assert.Equal(0.421, f1.Low, 0.03);
        Assert.Equal(0.848, f1.High, 0.02);
        Assert.Equal(0.5070925528371097, TwoClasses.Matthews(Classes, Labels).Value, 1e-12);
    }

    [Fact]
    public void One_answer_for_all_is_worth_nothing_to_Matthews()
    {
        Assert.Equal(0, TwoClasses.Matthews([1, 1, 1, 1], [1, 0, 1, 1]).Value);
        Assert.Equal(1, TwoClasses.Matthews(Labels, Labels).Value, 1e-12);
        Assert.Equal(0, TwoClasses.F1([0, 0], [1, 1]).Value);
    }

    static int[] Digits(string text) => [.. text.Select(c => c - '0')];
}
