using Google.Protobuf;
using Google.Protobuf.Collections;
using Secateur.Models.Checkpoints;
using Secateur.Onnx.Import;
using Secateur.Onnx.Schema;

namespace Secateur.Tests.Onnx.Import;

/// <summary>ONNX files that were damaged, or made to do harm.</summary>
public sealed class HostileOnnxTests
{
    [Theory]
    [InlineData("distilled-11")]
    [InlineData("sdpa-14")]
    [InlineData("bert-11")]
    [InlineData("roberta-14")]
    public void Files_with_other_bytes_are_refused_or_load(string name)
    {
        byte[] whole = File.ReadAllBytes(Fixtures.Path($"onnx/{name}.onnx"));
        var random = new Random(20261121);
        RequireRefusals(Fuzz.Rounds(60), 1, () =>
        {
            byte[] changed = random.Next(8) == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            // The nodes are where the letters are; weights are most of the bytes.
            for (int i = random.Next(1, 6); i > 0 && changed.Length > 0; i--)
                changed[random.Next(Math.Min(changed.Length, random.Next(2) == 0 ? 20_000 : changed.Length))] = (byte)random.Next(256);
            return changed;
        });
    }

    [Theory]
    [InlineData("split-tanh-13")]
    [InlineData("registers-swiglu-15")]
    [InlineData("bert-11")]
    [InlineData("roberta-14")]
    public void Graphs_whose_parts_were_exchanged_are_refused_or_load(string name)
    {
        byte[] whole = File.ReadAllBytes(Fixtures.Path($"onnx/{name}.onnx"));
        var random = new Random(20261122);
        RequireRefusals(Fuzz.Rounds(150), 10, () =>
        {
            ModelProto model = ModelProto.Parser.ParseFrom(whole);
            for (int i = random.Next(1, 4); i > 0; i--)
                Mutate(model.Graph, random);
            return model.ToByteArray();
        });
    }

    static void Mutate(GraphProto graph, Random random)
    {
        T Any<T>(RepeatedField<T> all) => all[random.Next(all.Count)];
        long number = Any<long>([0, 1, -1, 2, 3, 7, 1 << 20, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue]);
        NodeProto node = Any(graph.Node);
        switch (random.Next(8))
        {
            case 0:
                node.OpType = Any(graph.Node).OpType;
                break;
            case 1 when node.Input.Count > 0:
                node.Input[random.Next(node.Input.Count)] = Any(graph.Node).Output[0];
                break;
            case 2 when node.Attribute.Count > 0 && Any(node.Attribute) is var attribute:
                if (attribute.Ints.Count > 0)
                    attribute.Ints[random.Next(attribute.Ints.Count)] = number;
                else if (attribute.T is { } tensor)
                    Mutate(tensor, number, random);
                else
                    (attribute.I, attribute.F) = (number, number);
                break;
            case 3:
                Mutate(Any(graph.Initializer), number, random);
                break;
            case 4:
                graph.Node.RemoveAt(random.Next(graph.Node.Count));
                break;
            case 5 when node.Input.Count > 0:
                node.Input.RemoveAt(random.Next(node.Input.Count));
                break;
            case 6:
                Any(Any(graph.Input).Type.TensorType.Shape.Dim).DimValue = number;
                break;
            case 7:
                node.Output[random.Next(node.Output.Count)] = Any(graph.Node).Output[0];
                break;
        }
    }

    static void Mutate(TensorProto tensor, long number, Random random)
    {
        switch (random.Next(4))
        {
            case 0 when tensor.Dims.Count > 0:
                tensor.Dims[random.Next(tensor.Dims.Count)] = number;
                break;
            case 1:
                tensor.DataType = random.Next(18);
                break;
            case 2 when tensor.RawData.Length == 8:
                tensor.RawData = ByteString.CopyFrom(BitConverter.GetBytes(number));
                break;
            default:
                tensor.Dims.Add(number);
                break;
        }
    }

    static void RequireRefusals(int rounds, int least, Func<byte[]> next)
    {
        using var folder = new TemporaryFolder();
        int refused = 0;
        for (int i = 0; i < rounds; i++)
        {
            File.WriteAllBytes(folder["model.onnx"], next());
            try
            {
                OnnxImport.Load(folder["model.onnx"]);
            }
            catch (CheckpointException error)
            {
                Assert.Contains("model.onnx", error.Message);
                refused++;
            }
        }

        Assert.InRange(refused, rounds * least / 100, rounds);
    }
}
