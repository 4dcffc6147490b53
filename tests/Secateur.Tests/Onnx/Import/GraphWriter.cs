using System.Runtime.InteropServices;
using Google.Protobuf;
using Secateur.Models;
using Secateur.Onnx.Schema;

namespace Secateur.Tests.Onnx.Import;

/// <summary>Writes graphs node by node, as an exporter that is not at hand would.</summary>
internal sealed class GraphWriter(int opset)
{
    int values;

    public GraphProto Graph { get; } = new() { Name = "main_graph" };

    /// <summary>An input of these sides; 0 for one that is left open.</summary>
    public string Input(string name, TensorProto.Types.DataType type, params long[] sides)
    {
        Graph.Input.Add(Described(name, type, sides));
        return name;
    }

    public void Output(string name) => Graph.Output.Add(new ValueInfoProto { Name = name });

    /// <summary>A stored weight of a network, as it is there or turned round.</summary>
    public string Weight(Transformer network, string weight, bool turned = false, params long[] dims)
    {
        float[] numbers = network.ReadWeight(weight);
        if (turned)
        {
            (int rows, int columns) = ((int)dims[1], (int)dims[0]);
            numbers = [.. Enumerable.Range(0, numbers.Length).Select(i => numbers[(i % rows * columns) + (i / rows)])];
        }

        string name = turned ? $"val_{values++}" : weight;
        Store(name, TensorProto.Types.DataType.Float, dims, MemoryMarshal.AsBytes<float>(numbers));
        return name;
    }

    /// <summary>Stored whole numbers.</summary>
    public string Whole(params long[] numbers)
    {
        string name = $"val_{values++}";
        Store(name, TensorProto.Types.DataType.Int64, [numbers.Length], MemoryMarshal.AsBytes<long>(numbers));
        return name;
    }

    /// <summary>A stored number.</summary>
    public string Number(float number)
    {
        string name = $"scalar_tensor_default_{values++}";
        Store(name, TensorProto.Types.DataType.Float, [], MemoryMarshal.AsBytes<float>([number]));
        return name;
    }

    /// <summary>A node of one output.</summary>
    public string Node(string op, string[] inputs, params AttributeProto[] attributes) => Nodes(op, 1, inputs, attributes)[0];

    /// <summary>A node.</summary>
    public string[] Nodes(string op, int outputs, string[] inputs, params AttributeProto[] attributes)
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => $"val_{values++}")];
        var node = new NodeProto { OpType = op, Name = $"node_{op}_{values}" };
        node.Input.Add(inputs);
        node.Output.Add(names);
        node.Attribute.Add(attributes);
        Graph.Node.Add(node);
        return names;
    }

    public static AttributeProto Int(string name, long value) => new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto Float(string name, float value) => new() { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float };

    public static AttributeProto Ints(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }

    public ModelProto Model() => new()
    {
        IrVersion = 10,
        ProducerName = "pytorch",
        Graph = Graph,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = opset } },
    };

    public void Save(string path) => File.WriteAllBytes(path, Model().ToByteArray());

    void Store(string name, TensorProto.Types.DataType type, long[] dims, ReadOnlySpan<byte> bytes)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.Add(dims);
        Graph.Initializer.Add(tensor);
    }

    static ValueInfoProto Described(string name, TensorProto.Types.DataType type, long[] sides)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(sides.Select((side, axis) => side > 0 ? new TensorShapeProto.Types.Dimension { DimValue = side } : new() { DimParam = $"s{axis}" }));
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = (int)type, Shape = shape } } };
    }
}
