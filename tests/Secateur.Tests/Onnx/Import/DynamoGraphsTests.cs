using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Text;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Onnx.Import;
using Secateur.Onnx.Runtime;
using Secateur.Tests.Bert;
using Secateur.Tests.Vit;
using static Secateur.Tests.Onnx.Import.GraphWriter;
using DataType = Secateur.Onnx.Schema.TensorProto.Types.DataType;

namespace Secateur.Tests.Onnx.Import;

/// <summary>Graphs as PyTorch's newer exporter (torch.onnx.export with dynamo=True, 2.5 and later) writes them: values without names of their own, weights turned round and stored,
/// scaled_dot_product_attention with keys turned in three dimensions and both factors multiplied by the root of the scale. The exporter is not at hand: they are written node by
/// node from networks whose answers are known.</summary>
public sealed class DynamoGraphsTests : IDisposable
{
    // Sums in another order than ONNX Runtime's, through a few blocks.
    const double Tolerance = 2e-5;

    readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(18, false)]
    [InlineData(18, true)]
    [InlineData(20, false)]
    public void A_vision_transformer_is_recognised(int opset, bool flattened)
    {
        VisionTransformer network = Vision(opset, flattened), back = (VisionTransformer)OnnxImport.Load(folder["model.onnx"]);
        Assert.Equal(WeightsHash.Of(network), WeightsHash.Of(back));
        using SafetensorsFile expected = SafetensorsFile.Open(Fixtures.Path("tiny-vit/expected.safetensors"));
        Assert.Equal(network.Run(expected.Read("input"), 2), back.Run(expected.Read("input"), 2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_encoder_of_texts_is_recognised(bool looksUp)
    {
        TextTransformer network = Text(looksUp), back = (TextTransformer)OnnxImport.Load(folder["model.onnx"]);
        Assert.Equal(WeightsHash.Of(network), WeightsHash.Of(back));
        using SafetensorsFile expected = TextNetworks.Expected("tiny-bert");
        var texts = TextBatch.Of(TextNetworks.Texts(expected));
        Assert.Equal(network.Run(texts), back.Run(texts));
    }

    [SkippableFact]
    public void ONNX_Runtime_gives_the_answers_of_the_networks_that_are_recognised()
    {
        foreach ((int opset, bool flattened) in new[] { (18, false), (18, true), (20, false) })
        {
            VisionTransformer network = Vision(opset, flattened);
            using OnnxSession session = Open();
            float[] images = GraphRuns.Noise(network, 2);
            Assert.InRange(TinyNetworks.Difference(network.Run(images, 2), GraphRuns.Run(session, network, images, 2)), 0, Tolerance);
        }

        foreach (bool looksUp in new[] { false, true })
        {
            TextTransformer network = Text(looksUp);
            using OnnxSession session = Open();
            TextTokens[] texts = [new([7, 5, 6, 9, 8, 4], [0, 0, 0, 1, 1, 1]), new([9, 4, 11], [0, 0, 1])];
            Assert.InRange(TinyNetworks.Difference(network.Run(TextBatch.Of(texts)), GraphRuns.Run(session, texts, 6)), 0, Tolerance);
        }
    }

    OnnxSession Open() => OnnxSession.Open(InstalledRuntime.Library, File.ReadAllBytes(folder["model.onnx"]), new() { Threads = 1 });

    VisionTransformer Vision(int opset, bool flattened)
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path("tiny-vit/model.safetensors"));
        (int width, int tokens) = (network.Width, network.PatchTokens + 1);
        var graph = new GraphWriter(opset);
        string pixels = graph.Input(OnnxExport.Images, DataType.Float, 0, 3, network.ImageSize.Height, network.ImageSize.Width);
        string cut = graph.Node("Conv", [pixels, Stored(graph, network, "patch_embed.proj.weight", width, 3, network.PatchSize, network.PatchSize), Stored(graph, network, "patch_embed.proj.bias", width)],
            Ints("strides", network.PatchSize, network.PatchSize), Ints("pads", 0, 0, 0, 0), Int("group", 1), Ints("dilations", 1, 1));
        string patches = graph.Node("Transpose", [graph.Node("Reshape", [cut, graph.Whole(-1, width, tokens - 1)], Int("allowzero", 1))], Ints("perm", 0, 2, 1));
        string batch = graph.Node("Shape", [pixels], Int("start", 0), Int("end", 1));
        string prefix = graph.Node("Expand", [Stored(graph, network, "cls_token", 1, 1, width), graph.Node("Concat", [batch, graph.Whole(1), graph.Whole(width)], Int("axis", 0))]);
        string x = graph.Node("Add", [graph.Node("Concat", [prefix, patches], Int("axis", 1)), Stored(graph, network, "pos_embed", 1, tokens, width)]);
        for (int i = 0; i < network.Depth; i++)
        {
            string read = Norm(graph, network, $"blocks.{i}.norm1", x, width);
            string all = Product(graph, network, $"blocks.{i}.attn.qkv", read, 3 * width, width, flattened ? tokens : 0);
            (int heads, int columns) = (network.Blocks[i].Heads, network.Blocks[i].HeadDim);
            string turned = graph.Node("Transpose", [graph.Node("Reshape", [all, graph.Whole(-1, tokens, 3, heads, columns)], Int("allowzero", 1))], Ints("perm", 2, 0, 3, 1, 4));
            string[] parts = [.. Enumerable.Range(0, 3).Select(part => flattened
                ? graph.Node("Gather", [turned, graph.Node("Squeeze", [graph.Whole(part), graph.Whole(0)])], Int("axis", 0))
                : graph.Node("Squeeze", [graph.Node("Slice", [turned, graph.Whole(part), graph.Whole(part + 1), graph.Whole(0)]), graph.Whole(0)]))];
            string mixed = Attention(graph, parts, null, heads, columns, tokens);
            x = graph.Node("Add", [x, Product(graph, network, $"blocks.{i}.attn.proj", Merge(graph, mixed, tokens, width), width, width, flattened ? tokens : 0)]);
            string hidden = Product(graph, network, $"blocks.{i}.mlp.fc1", Norm(graph, network, $"blocks.{i}.norm2", x, width), network.Blocks[i].Neurons, width, flattened ? tokens : 0);
            x = graph.Node("Add", [x, Product(graph, network, $"blocks.{i}.mlp.fc2", Gelu(graph, hidden, opset), width, network.Blocks[i].Neurons, flattened ? tokens : 0)]);
        }

        string last = Norm(graph, network, "norm", x, width), token = graph.Node("Gather", [last, graph.Node("Squeeze", [graph.Whole(0), graph.Whole(0)])], Int("axis", 1));
        graph.Output(graph.Node("Gemm", [token, Stored(graph, network, "head.weight", network.Classes, width), Stored(graph, network, "head.bias", network.Classes)], Int("transB", 1), Float("alpha", 1), Float("beta", 1)));
        graph.Save(folder["model.onnx"]);
        return network;
    }

    TextTransformer Text(bool looksUp)
    {
        TextTransformer network = TextTransformer.Load(Fixtures.Path("tiny-bert"));
        int width = network.Width;
        var graph = new GraphWriter(18);
        string ids = graph.Input("input_ids", DataType.Int64, 0, 0), mask = graph.Input("attention_mask", DataType.Int64, 0, 0), types = graph.Input("token_type_ids", DataType.Int64, 0, 0);
        string length = graph.Node("Shape", [ids], Int("start", 1), Int("end", 2)), batch = graph.Node("Shape", [ids], Int("start", 0), Int("end", 1));
        string places = graph.Node("Slice", [graph.Node("Unsqueeze", [graph.Whole([.. Enumerable.Range(0, network.Positions).Select(i => (long)i)]), graph.Whole(0)]), graph.Whole(0), length, graph.Whole(1)]);
        string x = graph.Node("Add", [graph.Node("Gather", [Stored(graph, network, "word_embed.weight", network.Vocabulary, width), ids]), graph.Node("Gather", [Stored(graph, network, "type_embed.weight", network.Types, width), types])]);
        x = Norm(graph, network, "norm_embed", graph.Node("Add", [x, graph.Node("Gather", [Stored(graph, network, "pos_embed.weight", network.Positions, width), places])]), width, 1e-12f);

        // Booleans, spread over all queries; or looked up for each text and key, as masks that are functions are.
        string wide = graph.Node("Concat", [batch, graph.Whole(1), length, length], Int("axis", 0));
        string real = graph.Node("Cast", [mask], Int("to", (int)DataType.Bool));
        if (looksUp)
        {
            string zero = graph.Node("Squeeze", [graph.Whole(0)]), one = graph.Node("Squeeze", [graph.Whole(1)]);
            string rows = graph.Node("Unsqueeze", [graph.Node("Range", [zero, graph.Node("Squeeze", [batch]), one]), graph.Whole(1, 2)]);
            string columns = graph.Node("Unsqueeze", [graph.Node("Range", [zero, graph.Node("Squeeze", [length]), one]), graph.Whole(0, 2)]);
            string pairs = graph.Node("Concat", [batch, length, graph.Whole(1)], Int("axis", 0));
            real = graph.Node("GatherND", [real, graph.Node("Concat", [graph.Node("Expand", [rows, pairs]), graph.Node("Expand", [columns, pairs])], Int("axis", -1))], Int("batch_dims", 0));
        }

        string shown = graph.Node("Expand", [graph.Node("Unsqueeze", [real, graph.Whole(1, 2)]), wide]);
        string bias = graph.Node("Where", [shown, graph.Number(0), graph.Number(float.NegativeInfinity)]);
        for (int i = 0; i < network.Depth; i++)
        {
            (int heads, int columns) = (network.Blocks[i].Heads, network.Blocks[i].HeadDim);
            string[] parts = [.. Enumerable.Range(0, 3).Select(part => graph.Node("Transpose", [graph.Node("Reshape", [Part(graph, network, $"blocks.{i}.attn.qkv", x, part), graph.Node("Concat", [batch, length, graph.Whole(heads), graph.Whole(columns)], Int("axis", 0))])], Ints("perm", 0, 2, 1, 3)))];
            string mixed = Attention(graph, parts, bias, heads, columns, 0, graph.Node("Concat", [batch, graph.Whole(heads), graph.Whole(columns), length], Int("axis", 0)), graph.Node("Concat", [graph.Whole(-1), length, graph.Whole(columns)], Int("axis", 0)));
            string merged = graph.Node("Reshape", [graph.Node("Transpose", [mixed], Ints("perm", 0, 2, 1, 3)), graph.Node("Concat", [batch, length, graph.Whole(width)], Int("axis", 0))]);
            x = Norm(graph, network, $"blocks.{i}.norm1", graph.Node("Add", [Product(graph, network, $"blocks.{i}.attn.proj", merged, width, width, 0), x]), width, 1e-12f);
            string hidden = Product(graph, network, $"blocks.{i}.mlp.fc1", x, network.Blocks[i].Neurons, width, 0);
            x = Norm(graph, network, $"blocks.{i}.norm2", graph.Node("Add", [Product(graph, network, $"blocks.{i}.mlp.fc2", Gelu(graph, hidden, 18), width, network.Blocks[i].Neurons, 0), x]), width, 1e-12f);
        }

        string first = graph.Node("Squeeze", [graph.Node("Slice", [x, graph.Whole(0), graph.Whole(1), graph.Whole(1)]), graph.Whole(1)]);
        string pooled = graph.Node("Tanh", [graph.Node("Gemm", [first, Stored(graph, network, "pooler.weight", width, width), Stored(graph, network, "pooler.bias", width)], Int("transB", 1))]);
        graph.Output(graph.Node("Gemm", [pooled, Stored(graph, network, "head.weight", network.Classes, width), Stored(graph, network, "head.bias", network.Classes)], Int("transB", 1)));
        graph.Save(folder["model.onnx"]);
        return network;
    }

    static string Stored(GraphWriter graph, Transformer network, string name, params long[] dims) => graph.Weight(network, name, false, dims);

    static string Norm(GraphWriter graph, Transformer network, string name, string x, int width, float epsilon = 1e-6f) =>
        graph.Node("LayerNormalization", [x, Stored(graph, network, $"{name}.weight", width), Stored(graph, network, $"{name}.bias", width)], Int("axis", -1), Float("epsilon", epsilon), Int("stash_type", 1));

    // MatMul with the weight turned round and Add; or, where all tokens stand below each other, Gemm.
    static string Product(GraphWriter graph, Transformer network, string name, string x, int outputs, int inputs, int tokens)
    {
        string bias = Stored(graph, network, $"{name}.bias", outputs);
        if (tokens == 0)
            return graph.Node("Add", [graph.Node("MatMul", [x, graph.Weight(network, $"{name}.weight", true, inputs, outputs)]), bias]);
        string flat = graph.Node("Reshape", [x, graph.Whole(-1, inputs)], Int("allowzero", 1));
        return graph.Node("Reshape", [graph.Node("Gemm", [flat, Stored(graph, network, $"{name}.weight", outputs, inputs), bias], Int("transB", 1)), graph.Whole(-1, tokens, outputs)], Int("allowzero", 1));
    }

    // A third of a fused product, cut out of the stored weight in the graph.
    static string Part(GraphWriter graph, Transformer network, string name, string x, int part)
    {
        int width = network.Width;
        string weight = graph.Node("Slice", [graph.Weight(network, $"{name}.weight", true, width, 3 * width), graph.Whole(part * width), graph.Whole((part + 1) * width), graph.Whole(1)]);
        string bias = graph.Node("Slice", [Again(graph, network, $"{name}.bias", 3 * width, part), graph.Whole(part * width), graph.Whole((part + 1) * width), graph.Whole(0)]);
        return graph.Node("Add", [graph.Node("MatMul", [x, weight]), bias]);
    }

    static string Again(GraphWriter graph, Transformer network, string name, long length, int part) => part == 0 ? Stored(graph, network, name, length) : name;

    static string Attention(GraphWriter graph, string[] parts, string? bias, int heads, int columns, int tokens, string? whole = null, string? flat = null)
    {
        string root = graph.Number(MathF.Sqrt(1 / MathF.Sqrt(columns)));
        string rows = graph.Node("Reshape", [parts[1], flat ?? graph.Whole(-1, tokens, columns)]);
        string keys = graph.Node("Reshape", [graph.Node("Transpose", [rows], Ints("perm", 0, 2, 1)), whole ?? graph.Whole(-1, heads, columns, tokens)]);
        string scores = graph.Node("MatMul", [graph.Node("Mul", [parts[0], root]), graph.Node("Mul", [keys, root])]);
        string weights = graph.Node("Softmax", [bias is null ? scores : graph.Node("Add", [scores, bias])], Int("axis", -1));
        if (bias is not null)
            weights = graph.Node("Where", [graph.Node("IsNaN", [weights]), graph.Number(0), weights]);
        return graph.Node("MatMul", [weights, parts[2]]);
    }

    static string Merge(GraphWriter graph, string mixed, int tokens, int width) =>
        graph.Node("Reshape", [graph.Node("Transpose", [mixed], Ints("perm", 0, 2, 1, 3)), graph.Whole(-1, tokens, width)], Int("allowzero", 1));

    static string Gelu(GraphWriter graph, string x, int opset)
    {
        if (opset >= 20)
            return graph.Node("Gelu", [x]);
        string erf = graph.Node("Erf", [graph.Node("Div", [x, graph.Number(MathF.Sqrt(2))])]);
        return graph.Node("Mul", [graph.Number(.5f), graph.Node("Mul", [x, graph.Node("Add", [erf, graph.Number(1)])])]);
    }

    public void Dispose() => folder.Dispose();
}
