using System.Collections.Immutable;
using Secateur.Compression.Tokens;
using Secateur.Evaluation;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Planning;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Tests.Planning;

public sealed class PlanSearchTests
{
    static readonly VisionTransformer Network = Secateur.Cli.Network.Load("scenes-vit", null);
    static readonly KeptPictures Scenes = new(new SceneSet(SceneGenerator.FirstHeldOutSeed, 16, Network.Config.Preprocessing with { Size = Network.ImageSize }));

    static (string Plan, PlanCost Cost, PlanQuality Quality)[] Search(int seed, out ImmutableArray<PlanCandidate> finalists, out PlanBudget budget)
    {
        var costs = new PlanCosts(Network, Scenes, null, 1);
        var options = new PlanSearchOptions { Candidates = 12 + TokenMethods.All.Length, Finalists = 4, Seed = seed };
        var search = new PlanSearch(options, costs, new(Network, Scenes));
        budget = new(PlanMeasure.Macs, 0.7 * costs.Dense.Macs);
        finalists = search.Run(budget);
        Assert.Empty(search.Beyond);
        return [.. search.Known.Select(one => (TokenPlanFile.Print(one.Plan), one.Cost, one.Quality))];
    }

    [Fact]
    public void The_same_seed_gives_the_same_candidates_with_the_same_scores_and_another_one_others()
    {
        (string Plan, PlanCost Cost, PlanQuality Quality)[] first = Search(1, out ImmutableArray<PlanCandidate> finalists, out PlanBudget budget);
        Assert.Equal(first, Search(1, out ImmutableArray<PlanCandidate> again, out _));
        Assert.Equal(finalists.Select(one => one.Number), again.Select(one => one.Number));
        Assert.NotEqual(first.Select(one => one.Plan), Search(2, out _, out _).Select(one => one.Plan));

        Assert.Equal(first.Length, first.Select(one => one.Plan).Distinct().Count());
        Assert.All(first, one => Assert.True(budget.Holds(one.Cost)));
        Assert.Equal(4, finalists.Length);
        Assert.All(finalists, one => Assert.Equal(Scenes.Count, one.Quality.Images));
    }

    [Fact]
    public void A_search_that_is_stopped_keeps_what_it_knows()
    {
        var search = new PlanSearch(new(), new(Network, Scenes, null, 1), new(Network, Scenes));
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => search.Run(new(PlanMeasure.Macs, 0.7 * MacCounter.Count(Network, TokenPlan.Dense).Total), new StopAfter(stop, 5), stop.Token));
        PlanCandidate best = Assert.IsType<PlanCandidate>(search.Best);
        Assert.True(best.Quality.Images > 0);
        Assert.All(search.Known, one => Assert.True(one.Quality.Divergence >= best.Quality.Divergence));
    }

    [Fact]
    public void A_random_removal_leaves_the_wanted_number_after_the_first_block_and_as_released_before_it()
    {
        var judge = new PlanJudge(Network, Scenes);
        int tokens = Network.PrefixTokens + Network.PatchTokens;
        Assert.Equal(0, new TailEffectProxy(Network, judge, 0, compatibility: false).At(tokens).Divergence);
        PlanQuality later = new TailEffectProxy(Network, judge, 0, compatibility: false).At(tokens / 2), earlier = new TailEffectProxy(Network, judge, 0, compatibility: true).At(tokens / 2);
        Assert.True(later.Divergence > 0);
        Assert.NotEqual(later.Divergence, earlier.Divergence);
        Assert.Equal(later, new TailEffectProxy(Network, judge, 0, compatibility: false).At(tokens / 2));
    }

    sealed class StopAfter(CancellationTokenSource stop, int images) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value >= images)
                stop.Cancel();
        }
    }

    [Fact]
    public void Judging_in_parts_finds_what_judging_at_once_finds()
    {
        TokenPlan plan = TokenPlans.Named("random-drop", Network.Depth, Network.PatchTokens);
        PlanQuality whole = new PlanJudge(Network, Scenes).Judge(plan, 0, 16);
        var judge = new PlanJudge(Network, Scenes);
        PlanQuality second = judge.Judge(plan, 5, 11), parts = judge.Judge(plan, 0, 5) + second;
        Assert.Equal((whole.Images, whole.Same, whole.Right, whole.DenseRight), (parts.Images, parts.Same, parts.Right, parts.DenseRight));

        // 1e-12: the sum of the divergences in another order.
        Assert.Equal(whole.Divergence, parts.Divergence, 1e-12);
        Assert.True(whole.Divergence > 0);
        Assert.Equal(Agreement.Measure(Network, TokenPlan.Dense, plan, Scenes), new(Assert.NotNull(whole.DenseAccuracy), Assert.NotNull(whole.Accuracy), whole.Agreement));
    }

    [Fact]
    public void The_dense_plan_diverges_from_itself_nowhere()
    {
        PlanQuality quality = new PlanJudge(Network, Scenes).Judge(TokenPlan.Dense, 0, 16);
        Assert.Equal((0.0, 16, 0.0), (quality.Divergence, quality.Same, quality.Drop));
    }

    [Fact]
    public void Divergence_is_that_of_the_probabilities()
    {
        // Probabilities 1/4, 3/4 against 1/2, 1/2: log 2 - H(1/4), whatever is added to all logits. 1e-6: logits are float32.
        double expected = (0.25 * Math.Log(0.5)) + (0.75 * Math.Log(1.5));
        Assert.Equal(expected, PlanJudge.Divergence([7, 7 + MathF.Log(3)], [-2, -2]), 1e-6);
    }

    [Fact]
    public void The_halves_are_all_pictures_and_share_none()
    {
        (PictureSample search, PictureSample heldOut) = PictureSample.Halves(Scenes, 4);
        Assert.Equal((8, 8), (search.Count, heldOut.Count));
        var seen = new HashSet<string>();
        var input = new float[Scenes.InputLength];
        foreach (PictureSample half in (PictureSample[])[search, heldOut])
            for (int i = 0; i < half.Count; i++)
            {
                half.Read(i, input);
                Assert.True(seen.Add(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(input)))));
            }
    }
}
