using Secateur.Compression.Tokens;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Planning;
using Secateur.Models.Vit;

namespace Secateur.Tests.Planning;

public sealed class PlanningOnPhotographs
{
    [SkippableFact]
    public void On_photographs_merging_what_is_alike_answers_nearer_to_dense_than_dropping_at_random()
    {
        VisionTransformer network = VisionTransformer.Load(RealData.Path("deit_tiny_patch16_224"));
        var folder = new PictureSet(PictureSources.Open(RealData.Path("photographs"), new(network.Classes, network.Config.Labels)), network.Config.Preprocessing);
        Assert.Equal((100, true, 990), (folder.Count, folder.Labelled, Enumerable.Range(0, folder.Count).Max(i => folder.Source[i].Label)));
        (PictureSample search, _) = PictureSample.Halves(folder, 1);
        var pictures = new PictureSample(new KeptPictures(search), [.. Enumerable.Range(0, 16)]);
        var costs = new PlanCosts(network, pictures, null, 1);
        var options = new PlanSearchOptions { Methods = [TokenMethods.Get("random-drop"), TokenMethods.Get("tome")], Candidates = 2, Finalists = 2 };
        PlanCandidate[] ranked = [.. new PlanSearch(options, costs, new(network, pictures)).Run(new(PlanMeasure.Macs, 0.6 * costs.Dense.Macs))];
        Assert.Equal(["tome", "random-drop"], ranked.Select(one => one.Methods));
        Assert.True(ranked[0].Quality.Divergence < ranked[1].Quality.Divergence);
    }
}
