using System.Collections.Immutable;
using System.Text.Json;
using Secateur.Compression.Tokens;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Tests.Bert;

namespace Secateur.Tests.Onnx;

/// <summary>What files say of themselves.</summary>
public sealed class OnnxMetadataTests
{
    [Fact]
    public void The_plan_the_weights_and_the_preprocessing_travel_with_a_file()
    {
        VisionTransformer network = Secateur.Cli.Network.Load("scenes-vit", 1);
        var plan = new TokenPlan("half", [new(3, TokenPosition.AfterBlock, new TopK()) { Keep = 0.5 }]);
        ImmutableDictionary<string, string> says = OnnxExport.Vision(network, plan).Metadata;
        Assert.Equal(TokenPlanFile.Print(plan), says["secateur.plan"]);
        Assert.Equal(WeightsHash.Of(network), says["secateur.weights"]);
        using JsonDocument labels = JsonDocument.Parse(says["labels"]), pictures = JsonDocument.Parse(says["secateur.preprocessing"]), vit = JsonDocument.Parse(says["secateur.network"]);
        Assert.Equal(network.Config.Labels, labels.RootElement.EnumerateArray().Select(label => label.GetString()!));
        Assert.Equal([network.ImageSize.Height, network.ImageSize.Width], pictures.RootElement.GetProperty("size").EnumerateArray().Select(side => side.GetInt32()));
        Assert.Equal(network.Config.Preprocessing.Mean.Red, pictures.RootElement.GetProperty("mean")[0].GetSingle());
        Assert.False(pictures.RootElement.GetProperty("in_graph").GetBoolean());
        Assert.Equal(("vision", network.Config.HeadDim, network.Depth), (vit.RootElement.GetProperty("kind").GetString(), vit.RootElement.GetProperty("head_dim").GetInt32(), vit.RootElement.GetProperty("blocks").GetArrayLength()));
        Assert.DoesNotContain("secateur.plan", OnnxExport.Vision(network).Metadata.Keys);
    }

    [Fact]
    public void Texts_say_what_their_head_answers()
    {
        ImmutableDictionary<string, string> says = OnnxExport.Text(TextNetworks.Load("text-networks/roberta-classifier")).Metadata;
        using JsonDocument network = JsonDocument.Parse(says["secateur.network"]);
        Assert.Equal(("text", "Roberta", "Classification", 2), (network.RootElement.GetProperty("kind").GetString(), network.RootElement.GetProperty("family").GetString(), network.RootElement.GetProperty("task").GetString(), network.RootElement.GetProperty("first_position").GetInt32()));
        Assert.Equal("""["label a","label b","label c"]""", says["labels"]);
    }

    [Fact]
    public void What_cannot_be_is_refused_before_anything_is_built()
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path("timm/augreg-vit"));
        Assert.Throws<ArgumentOutOfRangeException>(() => OnnxExport.Vision(network, null, new() { Opset = 16 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => OnnxExport.Vision(network, null, new() { Batch = 0 }));
        Assert.Throws<ArgumentException>(() => OnnxExport.Vision(network, new("far", [new(99, TokenPosition.AfterBlock, new TopK()) { Keep = 0.5 }])));
        Assert.Throws<ArgumentException>(() => OnnxExport.Text(TextNetworks.Load("tiny-bert"), new() { Sequence = 100000 }));
    }
}
