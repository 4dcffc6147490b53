using Google.Protobuf;
using Secateur.Compression.Structured;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Onnx.Graphs;
using Secateur.Onnx.Import;
using Secateur.Onnx.Runtime;
using Secateur.Onnx.Schema;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Onnx;

/// <summary>Dense vision transformers as graphs answer in ONNX Runtime as they do here.</summary>
public sealed class VisionExportTests
{
    // Other orders of summation through a few blocks.
    const double Tolerance = 1e-4;

    public static TheoryData<string> Families() => [.. Directory.GetDirectories(Fixtures.Path("timm")).Select(folder => Path.GetFileName(folder)!).Order()];

    [SkippableTheory]
    [MemberData(nameof(Families))]
    public void Every_family_answers_as_here_with_any_batch_and_with_a_given_one(string family)
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path($"timm/{family}"));
        float[] images = GraphRuns.Noise(network, 3), expected = network.Run(images, 3);
        foreach (int opset in (int[])[17, 18, 21])
        {
            using OnnxSession any = GraphRuns.Open(OnnxExport.Vision(network, null, new() { Opset = opset }));
            RequireClose(expected, GraphRuns.Run(any, network, images, 3));
            using OnnxSession one = GraphRuns.Open(OnnxExport.Vision(network, null, new() { Opset = opset, Batch = 1 }));
            for (int i = 0; i < 3; i++)
                RequireClose(expected.AsSpan(i * network.Classes, network.Classes), GraphRuns.Run(one, network, images[(i * network.ImageLength)..((i + 1) * network.ImageLength)], 1));
        }
    }

    [SkippableTheory]
    [InlineData("deit3")]
    [InlineData("dinov2-registers")]
    [InlineData("mae-avg-pool")]
    public void Positions_are_those_of_the_size_of_the_pictures(string family)
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path($"timm/{family}"), new() { ImageSize = (48, 80) });
        float[] images = GraphRuns.Noise(network, 2);
        using OnnxSession session = GraphRuns.Open(OnnxExport.Vision(network));
        RequireClose(network.Run(images, 2), GraphRuns.Run(session, network, images, 2));
    }

    [SkippableTheory]
    [InlineData("augreg-vit")]
    [InlineData("dinov2-giant-swiglu")]
    public void Blocks_may_have_lost_heads_and_neurons_or_all_of_them(string family)
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path($"timm/{family}"));
        StructurePlan plan = StructurePlan.Whole(network);
        plan = plan with { Layers = plan.Layers.SetItem(0, plan.Layers[0] with { Heads = [1], Neurons = [0, 3, 4] }).SetItem(1, plan.Layers[1] with { Heads = [], Neurons = [] }) };
        var pruned = (VisionTransformer)Surgeon.Apply(network, plan);
        float[] images = GraphRuns.Noise(network, 2);
        OnnxModel model = OnnxExport.Vision(pruned);
        using OnnxSession session = GraphRuns.Open(model);
        RequireClose(pruned.Run(images, 2), GraphRuns.Run(session, pruned, images, 2));
        Assert.True(model.ToBytes().Length < OnnxExport.Vision(network).ToBytes().Length);
    }

    [SkippableFact]
    public void Bytes_are_normalised_in_the_graph_as_they_are_here()
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path("timm/augreg-vit"));
        (int height, int width) = network.ImageSize;
        var picture = new Models.Images.RgbImage(width, height);
        new Random(2).NextBytes(picture.Pixels);
        var input = new float[network.ImageLength];
        Models.Images.Preprocessor.Normalise(picture, network.Config.Preprocessing, input);
        using OnnxSession session = GraphRuns.Open(OnnxExport.Vision(network, null, new() { Normalise = true }));
        OnnxTensor pixels = OnnxTensor.Of<byte>(picture.Pixels, 1, height, width, 3);
        RequireClose(network.Run(input, 1), session.Run(KeyValuePair.Create(OnnxExport.Pixels, pixels))["logits"].Values<float>());
    }

    [SkippableFact]
    public void Weights_outside_are_found_beside_the_file_and_the_names_are_the_checkpoint_s()
    {
        using var folder = new TemporaryFolder();
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path("timm/augreg-vit"));
        IReadOnlyList<string> files = OnnxExport.Vision(network).Save(folder["network.onnx"], weightsOutside: true);
        Assert.Equal([folder["network.onnx"], folder["network.onnx.data"]], files);
        Assert.Equal(files.Order(), Directory.EnumerateFiles(folder.Path).Order());
        float[] images = GraphRuns.Noise(network, 2);
        using OnnxSession session = OnnxSession.Open(InstalledRuntime.Library, files[0]);
        RequireClose(network.Run(images, 2), GraphRuns.Run(session, network, images, 2));

        HashSet<string> names = [];
        network.VisitWeights((name, _, _) => names.Add(name));
        // Prefix tokens hold their positions, which is all that is put together.
        names.Add("prefix_tokens");
        Assert.All(OnnxExport.Vision(network).Proto.Graph.Initializer.Where(tensor => !tensor.Name.StartsWith("constant", StringComparison.Ordinal)), tensor => Assert.Contains(tensor.Name, names));
    }

    [Fact]
    public void A_weight_is_read_when_its_file_is_written_and_not_before()
    {
        int reads = 0;
        var graph = new OnnxGraph(17);
        graph.Output(graph.Add(graph.Input("x", ElementType.Float, 3), graph.Weight("w", () => [++reads, 2, 3], 3)), "y");
        GraphProto built = graph.Build("network");
        Assert.Equal(0, reads);
        float[] stored = new float[3];
        new StoredTensor("network.onnx", TensorProto.Parser.ParseFrom(built.Initializer[0].ToByteArray())).Read(stored);
        Assert.Equal([1, 2, 3], stored);
    }

    internal static void RequireClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) =>
        Assert.InRange(TinyNetworks.Difference(expected, actual), 0, Tolerance);
}
