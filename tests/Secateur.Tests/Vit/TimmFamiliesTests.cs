using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Tests.Vit;

/// <summary>Every family of networks against timm's own answers.</summary>
public sealed class TimmFamiliesTests
{
    const double Tolerance = 2e-5;

    public static TheoryData<string> Families() => [.. Directory.GetDirectories(Fixtures.Path("timm")).Select(folder => Path.GetFileName(folder)!).Order()];

    [Theory]
    [MemberData(nameof(Families))]
    public void Features_and_logits_are_timm_s(string family)
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path($"timm/{family}"));
        using SafetensorsFile expected = SafetensorsFile.Open(Fixtures.Path($"timm/{family}/expected.safetensors"));
        int batch = expected.Tensors["input"].Shape[0];
        var logits = new float[batch * network.Classes];
        var features = new Features();
        network.Run(expected.Read("input"), batch, logits, observer: features);
        Assert.True(TinyNetworks.Difference(expected.Read("logits"), logits) < Tolerance, $"{family}: logits differ by {TinyNetworks.Difference(expected.Read("logits"), logits):g3}");
        Assert.True(TinyNetworks.Difference(expected.Read("features"), features.Tokens) < Tolerance, $"{family}: features differ");
        Assert.Equal(logits, network.Run(expected.Read("input"), batch));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Other_resolutions_follow_timm_s_resampling(string family)
    {
        using SafetensorsFile expected = SafetensorsFile.Open(Fixtures.Path($"timm/{family}/expected.safetensors"));
        if (!expected.Tensors.ContainsKey("input_80"))
            return;
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path($"timm/{family}"), new VitOptions { ImageSize = (80, 80) });
        int batch = expected.Tensors["input_80"].Shape[0];
        Assert.True(TinyNetworks.Difference(expected.Read("logits_80"), network.Run(expected.Read("input_80"), batch)) < Tolerance, family);
    }

    sealed class Features : RunObserver
    {
        public float[] Tokens { get; private set; } = [];

        public override bool WantsFeatures => true;

        public override void OnFeatures(TokenRows tokens) => Tokens = [.. Enumerable.Range(0, tokens.Count).SelectMany(i => tokens.Rows.Row(i).ToArray())];
    }
}
