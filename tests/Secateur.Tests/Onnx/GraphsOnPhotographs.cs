using Secateur.Compression.Tokens;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Tests.Onnx;

/// <summary>A real network and photographs under every method that exports, at two strengths.</summary>
public sealed class GraphsOnPhotographs
{
    public static TheoryData<string> Methods => [.. TokenMethods.All.Where(method => !method.DefaultPlan(12, 196).Adaptive).Select(method => method.Name)];

    [SkippableTheory]
    [MemberData(nameof(Methods))]
    public void A_graph_decides_and_answers_about_photographs_as_the_engine_does(string method)
    {
        VisionTransformer network = VisionTransformer.Load(RealData.Path("deit_tiny_patch16_224"));
        float[] images = GraphPictures.Photographs(network, 2);
        foreach (double strength in new[] { .3, .7 })
        {
            TokenPlan plan = TokenMethods.Get(method).Family(network.Depth, network.PatchTokens, strength);
            string? difference = new GraphRun(network, plan, images, 2, free: strength > .5).Difference();
            Assert.True(difference is null, $"strength {strength}: {difference}");
        }
    }
}
