using Secateur.Compression.Structured;
using Secateur.Compression.Structured.Allocate;
using Secateur.Compression.Structured.Patches;
using Secateur.Compression.Structured.Score;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Planning;
using Secateur.Evaluation.Structured;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Tests.Structured.Patches;

public sealed class TauSearchTests
{
    static readonly VisionTransformer Dense = Secateur.Cli.Network.Load("scenes-vit", null);
    static readonly long Whole = MacCounter.Count(Dense, TokenPlan.Dense).Total;

    static TauAnswer Search(double part)
    {
        var scenes = new KeptPictures(new SceneSet(SceneGenerator.FirstHeldOutSeed, 8, Dense.Config.Preprocessing));
        var images = new float[2 * Dense.ImageLength];
        for (int i = 0; i < 2; i++)
            new SceneSet(1, 2, Dense.Config.Preprocessing).Read(i, images.AsSpan(i * Dense.ImageLength, Dense.ImageLength));
        var calibration = new Calibration(Dense, [new(Dense.Embed(images, 2), [])]);
        PatchScores patches = new PatchScorer(new() { BlockStep = 5, PatchStep = 6 }).Score(calibration);
        UnitScores units = new Magnitude().Score(calibration);
        StructureCosts costs = StructureCosts.Macs(Dense, calibration.Lengths, Dense.OutsideMacs);
        return new TauSearch(new PlanJudge(Dense, scenes), Prune, patches, TokenMethods.Get("tome")).Run(Dense, part * Whole, [0, 0.3, 1]);

        (VisionTransformer Network, StructurePlan Structure) Prune(double budget)
        {
            StructurePlan plan = new MaskSearch().Allocate(units, costs, budget);
            return ((VisionTransformer)Surgeon.Apply(Dense, plan), plan);
        }
    }

    [Fact]
    public void The_best_split_that_takes_heads_or_neurons_is_within_the_budget_and_executes_what_was_counted()
    {
        TauAnswer answer = Search(0.7);
        Assert.Equal([0, 0.3, 1], answer.Splits.Select(split => split.Share));
        Assert.All(answer.Splits, split => Assert.InRange(split.Macs, 0.6 * Whole, 0.7 * Whole));
        Assert.Equal(answer.Best, answer.Splits.Where(split => split.Share > 0).MinBy(split => split.Quality.Divergence));
        Assert.Equal(answer.Splits[0].Quality.Divergence < answer.Best.Quality.Divergence ? answer.Splits[0] : null, answer.Nearer);
        var counter = new MacCounter(answer.Network, answer.Plan);
        answer.Network.Run(new float[Dense.ImageLength], 1, new float[Dense.Classes], answer.Plan, counter);
        Assert.Equal(answer.Best.Macs, counter.Total);
        TauAnswer again = Search(0.7);
        Assert.Equal(answer.Splits.Select(split => (split.Macs, split.Quality)), again.Splits.Select(split => (split.Macs, split.Quality)));
        Assert.Equal(TokenPlanFile.Print(answer.Plan), TokenPlanFile.Print(again.Plan));
    }
}
