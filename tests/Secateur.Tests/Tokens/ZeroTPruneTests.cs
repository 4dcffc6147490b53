using Secateur.Compression.Tokens;
using Secateur.Models.Tokens;

namespace Secateur.Tests.Tokens;

public sealed class ZeroTPruneTests
{
    static int[] Kept(TokenMap map) => [.. Enumerable.Range(0, map.Group.Length).Where(i => map.Group[i] != TokenMap.Dropped)];

    static IEnumerable<ZeroTPruneOptions> Variants()
    {
        ZeroTPruneOptions o = new() { Similar = 7, Iterations = 6 };
        yield return o;
        yield return o with { Similar = 0 };
        yield return o with { Similar = 1000 };
        yield return o with { Iterations = 1 };
        yield return o with { Iterations = 30 };
        yield return o with { ClassBoost = false };
        yield return o with { HeadMean = HeadMean.Arithmetic };
        yield return o with { VarianceMinimum = 0, VarianceMaximum = 1e6 };
        yield return o with { VarianceMinimum = 1e5, VarianceMaximum = 1e6 };
        yield return o with { Renormalise = true };
        yield return o with { FeatureHeads = FeatureHeads.Concatenated };
        yield return o with { Minkowski = 4, Metric = SimilarityMetric.Minkowski };
        foreach (SimilarityFeature feature in Enum.GetValues<SimilarityFeature>())
            yield return o with { Feature = feature };
        foreach (SimilarityMetric metric in Enum.GetValues<SimilarityMetric>())
            yield return o with { Metric = metric };
        foreach (SimilarityPartition partition in Enum.GetValues<SimilarityPartition>())
            if (partition != SimilarityPartition.Random)
                yield return o with { Partition = partition };
    }

    [Theory]
    [InlineData(0, 41)]
    [InlineData(1, 40)]
    [InlineData(2, 33)]
    [InlineData(5, 64)]
    public void Every_variant_decides_as_its_plain_twin(int prefix, int patches)
    {
        foreach (ZeroTPruneOptions options in Variants())
            for (int seed = 1; seed <= 3; seed++)
            {
                TokenView view = TokenSequences.Draw(seed, prefix, 4, 16, prefix + patches).View();
                var reducer = new ZeroTPrune(options);
                TokenMap map = reducer.Reduce(view, reducer.CountToRemove(patches, 0.7));
                int[] plain = PlainZeroTPrune.Kept(view, options, 0.7);
                Assert.True(plain.SequenceEqual(Kept(map)), $"{options} at seed {seed}: [{string.Join(' ', plain)}], not [{string.Join(' ', Kept(map))}]");
            }
    }

    [Theory]
    [InlineData(196, 1.0, 10)]
    [InlineData(186, 0.9, 28)]
    [InlineData(4, 0.5, 3)]
    [InlineData(1, 1.0, 0)]
    [InlineData(0, 0.5, 0)]
    public void The_bulk_goes_first_and_the_rate_is_of_the_rest(int patches, double keep, int removed) =>
        Assert.Equal(removed, new ZeroTPrune().CountToRemove(patches, keep));

    [Fact]
    public void A_bulk_of_0_with_rate_1_removes_nothing() =>
        Assert.Equal(0, new ZeroTPrune(new() { Similar = 0 }).CountToRemove(196, 1));

    [Fact]
    public void An_exact_copy_of_a_more_important_token_goes_first()
    {
        foreach (SimilarityMetric metric in Enum.GetValues<SimilarityMetric>())
        {
            if (metric == SimilarityMetric.Dot)
                continue; // longer keys, not equal ones, have the largest dot product
            var reducer = new ZeroTPrune(new() { Similar = 1, Metric = metric });
            TokenSequences sequence = TokenSequences.Draw(4, 1, 2, 8, 31);
            int[] ranked = Ranking(sequence.View());
            (int best, int worst) = (ranked[0], ranked[^1]);

            // The keys alone are copied (the view's, after attention): the ranking stays as it is.
            TokenSequences copied = sequence.WithKey(worst, best);
            Assert.Equal(ranked, Ranking(copied.View()));
            Assert.DoesNotContain(worst, Kept(reducer.Reduce(copied.View(), 1)));
        }
    }

    [Fact]
    public void Nothing_of_the_more_important_half_goes_in_the_similarity_stage()
    {
        for (int seed = 1; seed <= 10; seed++)
        {
            TokenSequences sequence = TokenSequences.Draw(seed, 1, 3, 8, 42);
            int[] half = Ranking(sequence.View())[..20];
            var reducer = new ZeroTPrune(new() { Similar = 1000 });
            for (int remove = 0; remove <= 21; remove++)
                Assert.Subset(Kept(reducer.Reduce(sequence.View(), remove)).ToHashSet(), half.ToHashSet());
        }
    }

    [Fact]
    public void Survivors_come_out_in_the_order_in_which_they_came()
    {
        TokenMap map = new ZeroTPrune().Reduce(TokenSequences.Draw(6, 1, 3, 8, 60).View(), 30);
        int next = 0;
        foreach (int group in map.Group)
            if (group != TokenMap.Dropped)
                Assert.Equal(next++, group);
        Assert.Equal(30, next);
    }

    [Fact]
    public void Drawn_halves_are_the_same_for_the_same_seed_and_differ_for_another()
    {
        TokenSequences sequence = TokenSequences.Draw(7, 1, 3, 8, 80);
        int[] Draw(int seed) => Kept(new ZeroTPrune(new() { Partition = SimilarityPartition.Random, Seed = seed, Similar = 30 }).Reduce(sequence.View(), 30));
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    [Fact]
    public void Without_a_class_token_there_is_nothing_to_boost()
    {
        TokenSequences sequence = TokenSequences.Draw(8, 0, 3, 8, 50);
        ZeroTPruneOptions boosted = new() { Iterations = 1 };
        Assert.Equal(
            Kept(new ZeroTPrune(boosted with { ClassBoost = false }).Reduce(sequence.View(), 25)),
            Kept(new ZeroTPrune(boosted).Reduce(sequence.View(), 25)));
    }

    [Fact]
    public void With_registers_or_a_distillation_token_the_class_token_alone_is_boosted()
    {
        // Two prefix tokens, of which each favours one patch. Others look at the prefix alone.
        var a = new float[6, 6];
        for (int i = 2; i < 6; i++)
            a[i, 0] = a[i, 1] = 0.5f;
        (a[0, 4], a[1, 3]) = (1, 1);
        ZeroTPruneOptions options = new() { Similar = 0, Iterations = 1 };
        TokenView view = TokenSequences.Hand(2, a);
        Assert.Equal([0, 1, 4], Kept(new ZeroTPrune(options).Reduce(view, 3)));

        // Without the boost both patches have the same score, and the tie goes to the first.
        Assert.Equal([0, 1, 3], Kept(new ZeroTPrune(options with { ClassBoost = false }).Reduce(view, 3)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_an_importance_stage_the_same_similar_tokens_go_and_less_is_looked_at(bool boost)
    {
        ZeroTPruneOptions options = new() { Similar = 7, Iterations = 1, ClassBoost = boost };
        ZeroTPrune whole = new(options), alone = new(options with { Iterations = 0 });
        TokenView view = TokenSequences.Draw(17, 1, 4, 16, 41).View();
        Assert.Equal(Kept(whole.Reduce(view, 7)), Kept(alone.Reduce(view, 7)));
        Assert.Equal(TokenSignals.None, alone.Needs & TokenSignals.Attention);
        Assert.Equal(7, alone.CountToRemove(40, 0.5));
        Assert.Equal(41 - 7, alone.Reduce(view, 20).Count);
    }

    [Fact]
    public void Options_that_mean_nothing_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZeroTPrune(new() { Similar = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZeroTPrune(new() { Iterations = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZeroTPrune(new() { Minkowski = 0.5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZeroTPruneEarly(new() { Iterations = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZeroTPruneEarly(new() { Temperature = 0 }));
    }

    /// <summary>Patches from the most to the least important by one vote: those that stay when ever fewer do.</summary>
    static int[] Ranking(TokenView view)
    {
        var once = new ZeroTPrune(new() { Similar = 0, Iterations = 1 });
        var ranked = new List<int>();
        int prefix = view.Prefix;
        for (int remove = view.Patches - 1; remove >= 0; remove--)
            ranked.Add(Kept(once.Reduce(view, remove)).Single(i => i >= prefix && !ranked.Contains(i)));
        return [.. ranked];
    }
}
