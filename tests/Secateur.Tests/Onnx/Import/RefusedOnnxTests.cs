using Google.Protobuf;
using Secateur.Models.Checkpoints;
using Secateur.Onnx.Import;
using Secateur.Onnx.Schema;
using DataType = Secateur.Onnx.Schema.TensorProto.Types.DataType;

namespace Secateur.Tests.Onnx.Import;

/// <summary>Files that cannot be read, and what is said of them.</summary>
public sealed class RefusedOnnxTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(10, 7, "opset 10; 11 to 21")]
    [InlineData(22, 7, "opset 22; 11 to 21")]
    [InlineData(17, 2, "IR version 2")]
    [InlineData(17, 99, "IR version 99")]
    public void Versions_that_are_not_read_are_named(int opset, int format, string words)
    {
        string error = Refusal(model => (model.OpsetImport[0].Version, model.IrVersion) = (opset, format));
        Assert.Contains(words, error);
        Assert.Contains("model.onnx", error);
    }

    [Fact]
    public void The_first_operator_that_does_not_fit_is_named_with_its_place()
    {
        // Of all blocks, the first.
        string error = Refusal(model => Array.ForEach([.. model.Graph.Node.Where(node => node.OpType == "Erf")], node => node.OpType = "Tanh"));
        Assert.Contains("Mul '/blocks.0/mlp/act/Mul_1' (node 116 of ", error);
        Assert.Contains("GELU", error);
        error = Refusal(model => Array.ForEach([.. model.Graph.Node.Where(node => node.OpType == "Erf")], node => node.OpType = "Einsum"));
        Assert.Contains("Einsum '/blocks.0/mlp/act/Erf' (node 111 of ", error);
        error = Refusal(model => model.Graph.Node.First(node => node.OpType == "Erf").Domain = "com.microsoft");
        Assert.Contains("com.microsoft.Erf '/blocks.0/mlp/act/Erf'", error);
        error = Refusal(model => model.Graph.Node.First(node => node.OpType == "Softmax").Attribute[0].I = 1);
        Assert.Contains("Softmax '/blocks.0/attn/Softmax'", error);
    }

    [Fact]
    public void Weights_only_come_from_plain_names_beside_the_file()
    {
        File.WriteAllBytes(folder["secret.bin"], new byte[1 << 20]);
        Directory.CreateDirectory(folder["inner"]);
        foreach ((string location, string words) in new[] { ("../secret.bin", "plain name"), (folder["secret.bin"], "plain name"), ("..", "plain name"), ("", "plain name"), ("a\\b", "plain name"), ("none.bin", "no such file") })
            Assert.Contains(words, Refusal(model => Outside(model, location, "0", null), "inner/model.onnx"));
        foreach ((string offset, string? length) in new[] { ("-1", null), ("1048576", null), ("9223372036854775807", null), ("0", "4"), ("x", null) })
            Assert.Matches("secret.bin|whole number", Refusal(model => Outside(model, "secret.bin", offset, length)));
    }

    [Fact]
    public void Shapes_and_bytes_must_agree()
    {
        Assert.Contains("larger than anything", Refusal(model => model.Graph.Initializer[0].Dims.Add([int.MaxValue, int.MaxValue])));
        Assert.Contains("negative or larger", Refusal(model => model.Graph.Initializer[0].Dims[0] = -1));
        Assert.Contains("bytes", Refusal(model => model.Graph.Initializer[0].Dims.Add(2)));
        Assert.Contains("is of type 8", Refusal(model => model.Graph.Initializer[0].DataType = 8));
        Assert.Contains("two tensors", Refusal(model => model.Graph.Initializer.Add(model.Graph.Initializer[0].Clone())));
    }

    [Fact]
    public void A_file_that_asks_for_more_than_any_network_is_not_even_parsed()
    {
        // Two bytes a node, an object each.
        byte[] nodes = new byte[10_000_000], length = Varint(nodes.Length);
        for (int i = 0; i < nodes.Length; i += 2)
            nodes[i] = (1 << 3) | 2;
        File.WriteAllBytes(folder["model.onnx"], [(7 << 3) | 2, .. length, .. nodes]);
        Assert.Contains("more than 4000000 parts", Error());

        // A graph in an attribute of a node of a graph, and so on.
        byte[] deep = [];
        for (int i = 0; i < 200; i++)
            foreach (int field in (int[])[6, 5, 1])
                deep = [(byte)((field << 3) | 2), .. Varint(deep.Length), .. deep];
        File.WriteAllBytes(folder["model.onnx"], [(7 << 3) | 2, .. Varint(deep.Length), .. deep]);
        Assert.Contains("deep within each other", Error());
    }

    [Fact]
    public void Numbers_of_half_precision_and_lists_are_read_as_they_are()
    {
        foreach ((DataType type, Action<TensorProto> fill) in new (DataType, Action<TensorProto>)[]
        {
            (DataType.Float, tensor => tensor.FloatData.Add([1.5f, -2])),
            (DataType.Double, tensor => tensor.DoubleData.Add([1.5, -2])),
            (DataType.Float16, tensor => tensor.Int32Data.Add([0x3E00, 0xC000])),
            (DataType.Bfloat16, tensor => tensor.Int32Data.Add([0x3FC0, 0xC000])),
            (DataType.Float16, tensor => tensor.RawData = ByteString.CopyFrom(0x00, 0x3E, 0x00, 0xC0)),
            (DataType.Bfloat16, tensor => tensor.RawData = ByteString.CopyFrom(0xC0, 0x3F, 0x00, 0xC0)),
        })
        {
            var proto = new TensorProto { Name = "x", DataType = (int)type, Dims = { 2 } };
            fill(proto);
            var values = new float[2];
            new StoredTensor("x.onnx", proto).Read(values);
            Assert.Equal([1.5f, -2], values);
        }
    }

    static byte[] Varint(long number)
    {
        var bytes = new List<byte>();
        for (; number > 127; number >>= 7)
            bytes.Add((byte)((number & 127) | 128));
        return [.. bytes, (byte)number];
    }

    static void Outside(ModelProto model, string location, string offset, string? length)
    {
        TensorProto tensor = model.Graph.Initializer[0];
        tensor.ClearRawData();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        foreach ((string key, string? value) in new[] { ("location", location), ("offset", offset), ("length", length) })
            if (value is not null)
                tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    string Refusal(Action<ModelProto> change, string name = "model.onnx")
    {
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Fixtures.Path("onnx/mean-scaled-16.onnx")));
        change(model);
        File.WriteAllBytes(folder[name], model.ToByteArray());
        return Error(name);
    }

    string Error(string name = "model.onnx") => Assert.Throws<CheckpointException>(() => OnnxImport.Load(folder[name])).Message;

    public void Dispose() => folder.Dispose();
}
