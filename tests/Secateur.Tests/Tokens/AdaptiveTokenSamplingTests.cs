using Secateur.Compression.Tokens;
using Secateur.Compression.Tokens.Scores;
using Secateur.Models.Tokens;

namespace Secateur.Tests.Tokens;

public sealed class AdaptiveTokenSamplingTests
{
    const int Patches = 40;

    static TokenSequences Draw(int seed) => TokenSequences.Draw(seed, 1, 3, 8, 1 + Patches);

    [Theory]
    [InlineData(SamplingForm.Official)]
    [InlineData(SamplingForm.PatchOrder)]
    public void It_draws_what_a_plain_search_draws(SamplingForm form)
    {
        for (int seed = 1; seed <= 20; seed++)
            foreach (int samples in new[] { 1, 2, 7, 40, 41, 300 })
            {
                TokenSequences sequence = Draw(seed);
                TokenMap map = new AdaptiveTokenSampling(new() { Form = form, Samples = samples }).Reduce(sequence.View(), Patches);
                Assert.Equal(Plain(sequence, form, samples), NetworkTrace.KeptInOrder(map, 1).Select(i => (int)i - 1));
            }
    }

    [Fact]
    public void No_more_stay_than_are_drawn_and_no_more_go_than_are_asked_for()
    {
        TokenSequences sequence = Draw(3);
        for (int samples = 1; samples <= 60; samples++)
            for (int remove = 1; remove <= Patches; remove += 3)
            {
                TokenMap map = new AdaptiveTokenSampling(new() { Samples = samples }).Reduce(sequence.View(), remove);
                Assert.InRange(map.Count - 1, Patches - remove, Math.Max(samples, Patches - remove));
            }
    }

    [Fact]
    public void Those_who_must_stay_though_not_drawn_are_the_most_significant()
    {
        TokenSequences sequence = Draw(4);
        var scores = new float[1 + Patches];
        new SignificanceScore().Score(sequence.View(), scores);
        int[] drawn = Kept(Patches), kept = Kept(10), added = [.. kept.Except(drawn)];
        Assert.Equal(30, kept.Length);
        Assert.Equal(Enumerable.Range(1, Patches).Except(drawn).OrderByDescending(i => scores[i]).Take(added.Length).Order(), added.Order());

        int[] Kept(int remove) =>
            [.. NetworkTrace.KeptInOrder(new AdaptiveTokenSampling(new() { Samples = 12 }).Reduce(sequence.View(), remove), 1).Select(i => (int)i)];
    }

    [Fact]
    public void A_picture_whose_significance_lies_in_few_tokens_keeps_few()
    {
        Span<bool> picked = stackalloc bool[Patches];
        float[] even = [.. Enumerable.Repeat(1f, Patches)], uneven = [.. Enumerable.Range(0, Patches).Select(i => i < 3 ? 1f : 1e-4f)];
        int[] order = [.. Enumerable.Range(0, Patches)];
        InverseTransformSampling.Run(SamplingForm.PatchOrder, even, order, Patches, picked);
        Assert.InRange(picked.Count(true), 30, Patches); // each sample lies between two tokens, and rounding says which is nearer
        InverseTransformSampling.Run(SamplingForm.PatchOrder, uneven, order, Patches, picked);
        Assert.InRange(picked.Count(true), 1, 6);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Scores_that_are_no_distribution_drop_nothing(float score)
    {
        var picked = new bool[5];
        foreach (SamplingForm form in Enum.GetValues<SamplingForm>())
        {
            float[] scores = [.. Enumerable.Repeat(score, 5)];
            InverseTransformSampling.Run(form, scores, [0, 1, 2, 3, 4], 5, picked);
            Assert.DoesNotContain(false, picked);
        }
    }

    /// <summary>Every sample against every token, in the order in which they stand; the first of the nearest is taken.</summary>
    static IEnumerable<int> Plain(TokenSequences sequence, SamplingForm form, int samples)
    {
        bool official = form == SamplingForm.Official;
        var all = new float[1 + Patches];
        new SignificanceScore(byHead: !official).Score(sequence.View(), all);
        float[] scores = all[1..];
        int[] order = official ? [.. Enumerable.Range(0, Patches).OrderBy(i => scores[i])] : [.. Enumerable.Range(0, Patches)];
        var sums = new double[Patches];
        double sum = 0, total = scores.Sum(score => (double)score);
        for (int i = 0; i < Patches; i++)
            sums[i] = sum += scores[order[i]] / total;
        if (official)
            sums = [.. sums.Select(s => (s - sums[0]) / (sums[^1] - sums[0]))];
        var taken = new SortedSet<int>();
        for (int k = 0; k < samples; k++)
        {
            double first = official ? sums[1] : 0;
            double share = !official ? (k + 0.5) / samples : samples > 1 ? k / (samples - 1.0) : 0;
            double sample = first + (share * (1 - first));
            taken.Add(Array.IndexOf(sums, sums.MinBy(s => Math.Abs(s - sample))));
        }

        return taken.Select(i => order[i]);
    }
}
