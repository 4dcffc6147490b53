using Secateur.Compression.Structured;
using Secateur.Compression.Tokens;
using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Text;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Onnx.Import;

namespace Secateur.Tests.Onnx.Import;

/// <summary>What is exported here comes back.</summary>
public sealed class OwnExportsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("tiny-vit")]
    [InlineData("tiny-deit-distilled")]
    [InlineData("tiny-dinov2-registers")]
    [InlineData("timm/augreg-vit")]
    [InlineData("timm/deit3")]
    [InlineData("timm/mae-avg-pool")]
    [InlineData("timm/clip-tower")]
    [InlineData("timm/dinov2-registers")]
    [InlineData("timm/dinov2-giant-swiglu")]
    [InlineData("timm/no-class-token")]
    public void Exported_networks_of_pictures_come_back_bit_for_bit(string name)
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path(name.StartsWith("timm", StringComparison.Ordinal) ? name : $"{name}/model.safetensors"));
        RequireSame(network, Back(network));
    }

    [Fact]
    public void Networks_without_heads_or_neurons_in_some_blocks_come_back()
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path("timm/dinov2"));
        var whole = StructurePlan.Whole(network);
        LayerPlan[] layers = [.. whole.Layers];
        layers[0] = layers[0] with { Heads = [] };
        layers[1] = new([layers[1].Heads[^1]], []);
        layers[^1] = layers[^1] with { Neurons = [.. layers[^1].Neurons.Where(neuron => neuron % 3 == 0)] };
        var pruned = (VisionTransformer)Surgeon.Apply(network, whole with { Layers = [.. layers] });
        VisionTransformer back = Back(pruned);
        Assert.Equal([.. pruned.Blocks], (BlockShape[])[.. back.Blocks]);
        RequireSame(pruned, back);
    }

    [Theory]
    [InlineData("tiny-bert")]
    [InlineData("text-networks/bert-regression")]
    [InlineData("text-networks/bert-tokens")]
    [InlineData("text-networks/distilbert-classifier")]
    [InlineData("text-networks/minilm-mean")]
    [InlineData("text-networks/roberta-classifier")]
    [InlineData("text-networks/roberta-cls")]
    [InlineData("text-networks/roberta-tokens")]
    public void Exported_networks_of_texts_come_back_bit_for_bit(string name)
    {
        TextTransformer network = TextTransformer.Load(Fixtures.Path(name));
        OnnxExport.Text(network).Save(folder["model.onnx"]);
        RequireSame(network, (TextTransformer)OnnxImport.Load(folder["model.onnx"]));
        OnnxExport.Text(network, new() { Sequence = 6, Batch = 2 }).Save(folder["model.onnx"]);
        var back = (TextTransformer)OnnxImport.Load(folder["model.onnx"]);
        Assert.Equal(6, back.Config.LongestText);
        RequireSame(network, back);
    }

    [Fact]
    public void Pruned_networks_of_texts_come_back()
    {
        TextTransformer network = TextTransformer.Load(Fixtures.Path("tiny-bert"));
        var whole = StructurePlan.Whole(network);
        LayerPlan[] layers = [.. whole.Layers];
        layers[0] = layers[0] with { Heads = [], Neurons = [] };
        layers[1] = layers[1] with { Heads = [1] };
        var pruned = (TextTransformer)Surgeon.Apply(network, whole with { Layers = [.. layers] });
        OnnxExport.Text(pruned).Save(folder["model.onnx"]);
        var back = (TextTransformer)OnnxImport.Load(folder["model.onnx"]);
        Assert.Equal([.. pruned.Blocks], (BlockShape[])[.. back.Blocks]);
        RequireSame(pruned, back);
    }

    [Fact]
    public void What_a_file_of_ours_says_of_itself_is_kept()
    {
        VisionTransformer network = Bundled();
        VisionTransformer back = Back(network);
        Assert.Equal([.. network.Config.Labels], (string[])[.. back.Config.Labels]);
        Assert.Equal(network.Config.Preprocessing, back.Config.Preprocessing);
        Assert.Equal(network.Architecture, back.Architecture);
    }

    [Fact]
    public void Normalisation_inside_a_graph_is_read_out_of_it()
    {
        VisionTransformer network = Bundled();
        OnnxModel model = OnnxExport.Vision(network, options: new() { Normalise = true });
        model.Proto.MetadataProps.Clear();
        model.Save(folder["model.onnx"]);
        var back = (VisionTransformer)OnnxImport.Load(folder["model.onnx"]);
        (ImagePreprocessing told, ImagePreprocessing read) = (network.Config.Preprocessing, back.Config.Preprocessing);
        Assert.Equal(told.Mean.Red, read.Mean.Red, 1e-6);
        Assert.Equal(told.Mean.Blue, read.Mean.Blue, 1e-6);
        Assert.Equal(told.Deviation.Green, read.Deviation.Green, 1e-6);
        RequireSame(network, back);
    }

    [Fact]
    public void Weights_outside_the_file_are_read()
    {
        VisionTransformer network = Bundled();
        OnnxExport.Vision(network).Save(folder["model.onnx"], weightsOutside: true);
        RequireSame(network, (VisionTransformer)OnnxImport.Load(folder["model.onnx"]));
        using (FileStream data = File.OpenWrite(folder["model.onnx.data"]))
            data.SetLength(data.Length - 1);
        Assert.Contains("model.onnx.data", Assert.Throws<CheckpointException>(() => OnnxImport.Load(folder["model.onnx"])).Message);
        File.Delete(folder["model.onnx.data"]);
        Assert.Contains("must lie beside it", Assert.Throws<CheckpointException>(() => OnnxImport.Load(folder["model.onnx"])).Message);
    }

    [Fact]
    public void A_graph_that_prunes_tokens_is_refused_in_one_line()
    {
        VisionTransformer network = Bundled();
        OnnxModel model = OnnxExport.Vision(network, TokenPlans.Resolve("top-k-70", network.Depth, network.PatchTokens));
        model.Save(folder["model.onnx"]);
        Assert.Contains("import the dense network", Assert.Throws<CheckpointException>(() => OnnxImport.Load(folder["model.onnx"])).Message);
        model.Proto.MetadataProps.Clear();
        model.Save(folder["model.onnx"]);
        Assert.Contains("does not fit", Assert.Throws<CheckpointException>(() => OnnxImport.Load(folder["model.onnx"])).Message);
    }

    static VisionTransformer Bundled() => Secateur.Cli.Network.Load("scenes-vit", 1);

    VisionTransformer Back(VisionTransformer network)
    {
        OnnxExport.Vision(network).Save(folder["model.onnx"]);
        return (VisionTransformer)OnnxImport.Load(folder["model.onnx"]);
    }

    static void RequireSame(VisionTransformer network, VisionTransformer back)
    {
        var random = new Random(1);
        float[] pictures = [.. Enumerable.Range(0, 2 * network.ImageLength).Select(_ => (random.NextSingle() * 4) - 2)];
        Assert.Equal(network.Run(pictures, 2), back.Run(pictures, 2));
    }

    static void RequireSame(TextTransformer network, TextTransformer back)
    {
        TextTokens[] texts = [new([7, 5, 6, 9, 8, 4], [0, 0, 0, 1, 1, 1]), new([9, 4, 11], [0, 0, 1])];
        Assert.Equal(network.Config.Task, back.Config.Task);
        Assert.Equal(network.Run(TextBatch.Of(texts)), back.Run(TextBatch.Of(texts)));
    }

    public void Dispose() => folder.Dispose();
}
