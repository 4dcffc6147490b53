using Secateur.Compression.Tokens;

namespace Secateur.Tests.Tokens;

public sealed class SelectionTests
{
    [Fact]
    public void The_best_are_those_of_a_stable_sort_at_every_length_and_count()
    {
        var random = new Random(1);
        for (int n = 0; n <= 60; n++)
            for (int count = 0; count <= n; count++)
            {
                float[] scores = [.. Enumerable.Range(0, n).Select(_ => random.Next(6) - 3f)]; // many ties, negative scores, both zeros
                if (n > 3)
                    (scores[1], scores[2]) = (-0f, 0f);
                ulong[] keys = [.. scores.Select(Selection.Key)];
                Selection.Best(keys, count);
                Assert.Equal(
                    Enumerable.Range(0, n).OrderByDescending(i => scores[i]).Take(count).Order(),
                    keys.Take(count).Select(Selection.Index).Order());
            }
    }

    [Fact]
    public void Infinities_and_not_a_number_have_a_place_in_the_order()
    {
        ulong[] keys = [.. new[] { float.NaN, 1, float.NegativeInfinity, float.PositiveInfinity }.Select(Selection.Key)];
        Assert.Equal(4, keys.Distinct().Count());
        Assert.True(keys[3] < keys[1] && keys[1] < keys[2]);
    }
}
