using Secateur.Compression.Tokens;

namespace Secateur.Tests.Tokens;

public sealed class HeadAggregationTests
{
    const double Any = double.PositiveInfinity;

    static float[] Aggregate(HeadMean mean, double minimum, double maximum, params float[][] heads)
    {
        // Attention whose every row is the same distribution gives these scores after one vote.
        int n = heads[0].Length;
        var attention = new float[heads.Length][,];
        for (int h = 0; h < heads.Length; h++)
        {
            attention[h] = new float[n, n];
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++)
                    attention[h][i, j] = heads[h][j] / n;
        }

        using var rank = new WeightedPageRank(TokenSequences.Hand(1, attention));
        rank.Vote(new(1), false, default);
        var importance = new float[n];
        HeadAggregation.Run(rank, mean, minimum, maximum, n, importance);
        return importance;
    }

    [Fact]
    public void The_root_mean_square_is_never_below_the_mean_and_equal_when_heads_agree()
    {
        float[] one = [1.5f, 0.5f, 1, 1], other = [0.2f, 1.8f, 1, 1];
        float[] square = Aggregate(HeadMean.RootMeanSquare, 0, Any, one, other), mean = Aggregate(HeadMean.Arithmetic, 0, Any, one, other);
        for (int i = 0; i < 4; i++)
            Assert.True(square[i] >= mean[i] - 1e-6f);
        Assert.Equal(MathF.Sqrt(((1.5f * 1.5f) + (0.2f * 0.2f)) / 2), square[0], 1e-5f);
        float[] agreed = Aggregate(HeadMean.RootMeanSquare, 0, Any, one, one);
        for (int i = 0; i < 4; i++)
            Assert.Equal(one[i], agreed[i], 1e-6f);
    }

    [Fact]
    public void Heads_that_vary_too_little_or_too_much_do_not_count()
    {
        float[] flat = [1.01f, 0.99f, 1, 1], good = [1.5f, 0.5f, 1.5f, 0.5f], peaked = [4, 0, 0, 0];
        float[] importance = Aggregate(HeadMean.RootMeanSquare, 0.01, 0.7, flat, good, peaked);
        for (int i = 0; i < 4; i++)
            Assert.Equal(good[i], importance[i], 1e-5f);
    }

    [Fact]
    public void When_no_head_passes_all_count()
    {
        float[] flat = [1.01f, 0.99f, 1, 1], peaked = [4, 0, 0, 0];
        Assert.Equal(
            Aggregate(HeadMean.RootMeanSquare, 0, Any, flat, peaked),
            Aggregate(HeadMean.RootMeanSquare, 0.01, 0.7, flat, peaked));
    }

    [Fact]
    public void Where_scores_sum_to_1_the_published_bounds_would_refuse_every_head()
    {
        // The largest variance there is: one token has it all. On the scale where all sum to 1 it is below 1 / N, so below .01 from N = 100 on;
        // on the scale where an ordinary token has 1 it is N - 1.
        var most = new float[197];
        most[5] = 1;
        Assert.True(HeadAggregation.Variance(most, 197) < 0.01);
        most[5] = 197;
        Assert.Equal(196, HeadAggregation.Variance(most, 197), 1e-2);
    }

    [Fact]
    public void The_variance_of_the_start_itself_is_0_without_boost_and_below_1_with_it()
    {
        var start = new float[197];
        Array.Fill(start, 1);
        Assert.Equal(0, HeadAggregation.Variance(start, 197), 1e-6);
        start[0] = MathF.Sqrt(197);
        Assert.Equal(0.86, HeadAggregation.Variance(start, 197), 5e-3);
    }
}
