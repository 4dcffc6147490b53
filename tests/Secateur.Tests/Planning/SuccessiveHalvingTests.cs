using System.Collections.Immutable;
using Secateur.Evaluation.Planning;

namespace Secateur.Tests.Planning;

public sealed class SuccessiveHalvingTests
{
    public static TheoryData<int, int, int> Sizes => new() { { 64, 6, 128 }, { 7, 6, 10 }, { 5, 6, 10 }, { 100, 1, 1000 }, { 33, 4, 3 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Candidates_fall_by_half_to_the_finalists_and_pictures_double_to_all(int candidates, int finalists, int images)
    {
        ImmutableArray<(int Candidates, int Images)> rounds = SuccessiveHalving.Rounds(candidates, finalists, images);
        Assert.Equal(candidates, rounds[0].Candidates);
        Assert.Equal((Math.Min(candidates, finalists), images), rounds[^1]);
        for (int i = 1; i < rounds.Length; i++)
        {
            Assert.Equal(Math.Max(finalists, (rounds[i - 1].Candidates + 1) / 2), rounds[i].Candidates);
            Assert.InRange(rounds[i - 1].Images, 1, Math.Max(1, rounds[i].Images / 2));
        }
    }

    [Fact]
    public void Where_scores_are_sure_the_best_win_and_only_they_see_all_pictures()
    {
        int[] losses = [.. Enumerable.Range(0, 40)];
        new Random(3).Shuffle(losses);
        var seen = new Dictionary<int, int>();
        ImmutableArray<int> best = SuccessiveHalving.Run(
            losses, SuccessiveHalving.Rounds(40, 5, 64), (loss, images) => (seen[loss] = images) >= 0 ? loss : -1, all => all.Order());
        Assert.Equal([0, 1, 2, 3, 4], best.ToArray());
        Assert.Equal(5, seen.Count(one => one.Value == 64));
        Assert.Equal(8, seen[39]);
    }
}
