using Secateur.Cli;
using Secateur.Compression.Tokens;
using Secateur.Models.Images;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Tests.Architecture;

public sealed class ReadmeExample
{
    const string Code = """
        VisionTransformer network = VisionTransformer.Load("deit_tiny");         // immutable; safe from many threads at once
        var input = new float[network.ImageLength];                              // [3, height, width]
        Preprocessor.Run(ImageFile.Load("photo.jpg"), network.Config.Preprocessing, input);
        float[] dense = network.Run(input, batch: 1);
        TokenPlan plan = TokenPlans.Named("zero-tprune", network.Depth, network.PatchTokens);
        float[] pruned = network.Run(input, batch: 1, plan);                     // switching plans costs nothing
        """;

    [Fact]
    public void The_C_sharp_in_the_README_compiles_and_runs()
    {
        // The same lines twice: as text to be found in the README, and below as code, with files that are here.
        Assert.Contains(Code.ReplaceLineEndings("\n"), File.ReadAllText(Path.Combine(Repository.Root, "README.md")));
        using var folder = new TemporaryFolder();
        string photo = folder["photo.png"];
        PngWriter.Save(new RgbImage(200, 150), photo);

        VisionTransformer network = VisionTransformer.Load(Network.Locate("scenes-vit"));
        var input = new float[network.ImageLength];
        Preprocessor.Run(ImageFile.Load(photo), network.Config.Preprocessing, input);
        float[] dense = network.Run(input, batch: 1);
        TokenPlan plan = TokenPlans.Named("zero-tprune", network.Depth, network.PatchTokens);
        float[] pruned = network.Run(input, batch: 1, plan);

        Assert.Equal(network.Classes, dense.Length);
        Assert.Equal(network.Classes, pruned.Length);
        Assert.NotEqual(dense, pruned);
    }
}
