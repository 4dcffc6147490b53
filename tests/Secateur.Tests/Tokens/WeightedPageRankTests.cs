using Secateur.Compression.Tokens;
using Secateur.Models.Tokens;

namespace Secateur.Tests.Tokens;

public sealed class WeightedPageRankTests
{
    // Sums of a few dozen float32 products.
    const float Tolerance = 2e-5f;

    static float[] Vote(in TokenView view, VotingRules rules, bool boost = false, int[]? absent = null, int head = 0)
    {
        using var rank = new WeightedPageRank(view);
        rank.Vote(rules, boost, absent);
        return rank.Scores(head).ToArray();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Votes_move_score_about_and_make_none(bool boost)
    {
        float[,] a = TokenSequences.Stochastic(1, 37);
        float before = boost ? 36 + MathF.Sqrt(37) : 37;
        for (int votes = 0; votes <= 40; votes++)
            Assert.Equal(before, Vote(TokenSequences.Hand(1, a), new(votes), boost).Sum(), before * Tolerance);
    }

    [Fact]
    public void Uniform_attention_ranks_all_alike()
    {
        var a = new float[20, 20];
        foreach (ref float value in System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref a[0, 0], a.Length))
            value = 1 / 20f;
        Assert.All(Vote(TokenSequences.Hand(1, a), new(7)), score => Assert.Equal(1, score, Tolerance));
    }

    [Fact]
    public void One_vote_from_a_uniform_start_is_the_attention_received()
    {
        float[,] a = TokenSequences.Stochastic(2, 33);
        float[] scores = Vote(TokenSequences.Hand(1, a), new(1));
        for (int j = 0; j < 33; j++)
            Assert.Equal(Enumerable.Range(0, 33).Sum(i => (double)a[i, j]), scores[j], Tolerance);
    }

    [Fact]
    public void One_vote_with_the_class_boost_is_the_attention_received_and_more_of_the_class_row()
    {
        float[,] a = TokenSequences.Stochastic(3, 25);
        float[] scores = Vote(TokenSequences.Hand(1, a), new(1), boost: true);
        for (int j = 0; j < 25; j++)
            Assert.Equal(Enumerable.Range(0, 25).Sum(i => (double)a[i, j]) + (4 * a[0, j]), scores[j], Tolerance * 5);
    }

    [Fact]
    public void Permuting_the_tokens_permutes_the_scores()
    {
        float[,] a = TokenSequences.Stochastic(4, 30), b = new float[30, 30];
        int[] order = [.. Enumerable.Range(0, 30)];
        new Random(1).Shuffle(order);
        for (int i = 0; i < 30; i++)
            for (int j = 0; j < 30; j++)
                b[i, j] = a[order[i], order[j]];
        float[] scores = Vote(TokenSequences.Hand(0, a), new(5)), permuted = Vote(TokenSequences.Hand(0, b), new(5));
        for (int i = 0; i < 30; i++)
            Assert.Equal(scores[order[i]], permuted[i], Tolerance);
    }

    [Fact]
    public void After_many_votes_the_class_boost_is_forgotten()
    {
        // Scores are compared as shares, since the boost brings more score into the graph.
        TokenView view = TokenSequences.Hand(1, TokenSequences.Stochastic(5, 30));
        float[] plain = Vote(view, new(60)), boosted = Vote(view, new(60), boost: true);
        for (int i = 0; i < 30; i++)
            Assert.Equal(plain[i] / plain.Sum(), boosted[i] / boosted.Sum(), 1e-6f);
        Assert.NotEqual(Vote(view, new(1)), Vote(view, new(1), boost: true));
    }

    [Fact]
    public void Those_who_are_absent_neither_vote_nor_receive()
    {
        float[,] a = TokenSequences.Stochastic(6, 12), rest = new float[10, 10];
        int[] absent = [3, 7], present = [0, 1, 2, 4, 5, 6, 8, 9, 10, 11];
        for (int i = 0; i < 10; i++)
            for (int j = 0; j < 10; j++)
                rest[i, j] = a[present[i], present[j]];
        float[] masked = Vote(TokenSequences.Hand(1, a), new(4), boost: true, absent), gathered = Vote(TokenSequences.Hand(1, rest), new(4), boost: true);
        Assert.Equal(0, masked[3]);
        Assert.Equal(0, masked[7]);
        for (int i = 0; i < 10; i++)
            Assert.Equal(gathered[i], masked[present[i]], Tolerance);
        Assert.True(masked.Sum() < 9 + MathF.Sqrt(10), "what went to the absent leaks away");
    }

    [Fact]
    public void Renormalised_rows_let_nothing_leak()
    {
        float[] scores = Vote(TokenSequences.Hand(1, TokenSequences.Stochastic(7, 12)), new(6, Renormalise: true), boost: true, [3, 7]);
        Assert.Equal(9 + MathF.Sqrt(10), scores.Sum(), 12 * Tolerance);
    }

    [Fact]
    public void Epsilon_ends_the_votes_once_they_have_settled()
    {
        TokenView view = TokenSequences.Hand(1, TokenSequences.Stochastic(8, 20));
        Assert.Equal(Vote(view, new(1)), Vote(view, new(50, Epsilon: 1e6)));
        float[] settled = Vote(view, new(1000, Epsilon: 1e-4)), long1000 = Vote(view, new(1000));
        for (int i = 0; i < 20; i++)
            Assert.Equal(long1000[i], settled[i], 1e-3f);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(2)]
    public void Sharpened_attention_is_the_softmax_at_that_temperature(double temperature)
    {
        var random = new Random(9);
        float[,] a = new float[15, 15];
        var wanted = new double[15];
        for (int i = 0; i < 15; i++)
        {
            double[] logits = [.. Enumerable.Range(0, 15).Select(_ => 6 * random.NextDouble())];
            double sum = logits.Sum(Math.Exp), sharp = logits.Sum(l => Math.Exp(l / temperature));
            for (int j = 0; j < 15; j++)
            {
                a[i, j] = (float)(Math.Exp(logits[j]) / sum);
                wanted[j] += Math.Exp(logits[j] / temperature) / sharp;
            }
        }

        float[] scores = Vote(TokenSequences.Hand(1, a), new(1, Temperature: temperature));
        for (int j = 0; j < 15; j++)
            Assert.Equal(wanted[j], scores[j], 15 * Tolerance); // rounding is raised to the power, too
    }
}
