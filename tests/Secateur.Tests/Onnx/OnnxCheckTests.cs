using Secateur.Compression.Tokens;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Onnx.Runtime;
using Secateur.Onnx.Verify;
using Secateur.Tests.Bert;

namespace Secateur.Tests.Onnx;

/// <summary>The check after an export: it passes what is right, and finds what is wrong.</summary>
public sealed class OnnxCheckTests : IDisposable
{
    static readonly VisionTransformer Network = VisionTransformer.Load(Fixtures.Path("timm/augreg-vit"));
    static readonly TokenPlan Half = new("half", [new(0, TokenPosition.AfterBlock, new TopK()) { Keep = 0.5 }]);

    readonly TemporaryFolder folder = new();

    static (OnnxRuntimeLibrary, OnnxSessionOptions) Session => (InstalledRuntime.Library, new() { Threads = 1 });

    public void Dispose() => folder.Dispose();

    [SkippableTheory]
    [InlineData(null, false, false)]
    [InlineData(3, false, false)]
    [InlineData(null, true, true)]
    public void A_file_that_is_right_passes_and_nothing_is_left_beside_it(int? batch, bool normalise, bool outside)
    {
        OnnxModel model = OnnxExport.Vision(Network, Half, new() { Batch = batch, Normalise = normalise });
        IReadOnlyList<string> files = model.Save(folder["half.onnx"], outside);
        OnnxCheckResult result = OnnxCheck.Vision(files[0], model, Network, Half, OnnxCheck.Noise(Network, 5), Session);
        Assert.True(result.Passed, string.Join("; ", result.Failures));
        Assert.Equal((5, 5, 5), (result.Inputs, result.Decisions, result.Answers + result.Ties.Length));
        Assert.Equal(files, Directory.GetFiles(folder.Path).Order());
    }

    [SkippableFact]
    public void Another_decision_fails()
    {
        TokenPlan other = new("other", [new(0, TokenPosition.AfterBlock, new RandomDrop()) { Keep = 0.5 }]);
        OnnxModel model = OnnxExport.Vision(Network, other);
        string path = model.Save(folder["other.onnx"])[0];
        OnnxCheckResult result = OnnxCheck.Vision(path, model, Network, Half, OnnxCheck.Noise(Network, 3), Session);
        Assert.False(result.Passed);
        Assert.Contains("stage 0 (block 0) decides otherwise about tokens", result.Failures[0], StringComparison.Ordinal);
        Assert.Equal(0, result.Answers);
    }

    [SkippableFact]
    public void Another_weight_fails()
    {
        OnnxModel model = OnnxExport.Vision(Network);
        Secateur.Onnx.Schema.TensorProto bias = model.Proto.Graph.Initializer.Single(tensor => tensor.Name == "head.bias");
        bias.RawData = Google.Protobuf.ByteString.CopyFrom([.. bias.RawData.Select((value, i) => i == 3 ? (byte)0x40 : value)]);
        OnnxCheckResult result = OnnxCheck.Vision(model.Save(folder["head.onnx"])[0], model, Network, TokenPlan.Dense, OnnxCheck.Noise(Network, 2), Session);
        Assert.Equal(2, result.Failures.Length);
        Assert.True(result.LargestDifference > OnnxCheck.Tolerance);
    }

    // Patches of one colour that do not know where they are score the same, and weights that are off by a millionth decide otherwise about them.
    [SkippableFact]
    public void A_tie_is_said_to_be_one_and_no_answer_is_compared_behind_it()
    {
        var network = new VisionTransformer(Network.Config, new Positions(Network, 0));
        OnnxModel model = OnnxExport.Vision(new VisionTransformer(Network.Config, new Positions(Network, 1e-6f)), Half);
        float[] grey = [.. Enumerable.Repeat(.5f, network.ImageLength)];
        OnnxCheckResult result = OnnxCheck.Vision(model.Save(folder["tie.onnx"])[0], model, network, Half, [("grey", grey), .. OnnxCheck.Noise(network, 1)], Session);
        Assert.True(result.Passed, string.Join("; ", result.Failures));
        Assert.StartsWith("grey: stage 0 (block 0) decides otherwise about tokens", Assert.Single(result.Ties), StringComparison.Ordinal);
        Assert.Equal((2, 1), (result.Inputs, result.Answers));
    }

    [Fact]
    public void A_decision_is_a_tie_only_where_ours_moves_with_rounding()
    {
        var network = new VisionTransformer(Network.Config, new Positions(Network, 0));
        float[] grey = [.. Enumerable.Repeat(.5f, network.ImageLength)], noise = GraphRuns.Noise(Network, 1);
        int[] patches = [.. Enumerable.Range(Network.PrefixTokens, Network.PatchTokens)];
        Assert.True(new TieSearch(network, Half, grey, 1, TieSearch.Run(network, Half, grey, 1)).Explains(0, 0, [], patches));
        Assert.False(new TieSearch(network, Half, grey, 1, TieSearch.Run(network, Half, grey, 1)).Explains(0, 0, [], [0, .. patches]));
        Assert.False(new TieSearch(Network, Half, noise, 1, TieSearch.Run(Network, Half, noise, 1)).Explains(0, 0, [], patches));
    }

    [SkippableTheory]
    [InlineData("tiny-bert", null)]
    [InlineData("text-networks/bert-tokens", 9)]
    [InlineData("text-networks/roberta-classifier", null)]
    public void Files_of_texts_pass(string name, int? sequence)
    {
        TextTransformer network = TextNetworks.Load(name);
        OnnxModel model = OnnxExport.Text(network, new() { Batch = sequence is null ? null : 2, Sequence = sequence });
        OnnxCheckResult result = OnnxCheck.Text(model.Save(folder["texts.onnx"])[0], network, OnnxCheck.Noise(network, 5), Session);
        Assert.True(result.Passed, string.Join("; ", result.Failures));
        Assert.Equal(5, result.Answers);
        Assert.InRange(result.LargestDifference, 0, 1e-4);
    }

    /// <summary>The network's weights, with noise in place of its positions.</summary>
    sealed class Positions : ITensorSource
    {
        readonly Dictionary<string, TensorInfo> tensors = [];
        readonly Dictionary<string, float[]> values = [];

        public Positions(VisionTransformer network, float noise)
        {
            network.VisitWeights((name, shape, read) =>
            {
                tensors[name] = new(name, TensorType.F32, shape);
                read(values[name] = new float[shape.Aggregate(1, (a, b) => a * b)]);
            });
            var random = new Random(3);
            foreach (ref float value in values["pos_embed"].AsSpan())
                value = noise * ((2 * random.NextSingle()) - 1);
        }

        public string Path => "positions";

        public IReadOnlyDictionary<string, TensorInfo> Tensors => tensors;

        public void Read(string name, Span<float> destination) => values[name].CopyTo(destination);
    }
}
