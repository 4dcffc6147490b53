using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Secateur.Onnx.Schema;

namespace Secateur.Onnx.Graphs;

/// <summary>An ONNX graph being built: nodes in the order in which they run, each with a name and the shape of what it gives. What nothing
/// that comes out depends on is left out of the file, so that whoever builds need not know who will look.</summary>
internal sealed partial class OnnxGraph
{
    readonly List<NodeProto> nodes = [];
    readonly List<Value> inputs = [];
    readonly List<Value> outputs = [];
    readonly Dictionary<string, TensorProto> tensors = [];
    readonly Dictionary<string, Value> constants = [];
    readonly Dictionary<string, Value> reshaped = []; // what a Reshape read, by the name of what it gave
    readonly HashSet<string> names = [];
    string scope = "";

    /// <summary>An empty graph.</summary>
    /// <param name="opset">Version of the operators, 17 to 21.</param>
    /// <exception cref="ArgumentOutOfRangeException">Graphs of this version are not written here.</exception>
    public OnnxGraph(int opset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(opset, 17);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(opset, 21);
        Opset = opset;
    }

    /// <summary>Version of the operators.</summary>
    public int Opset { get; }

    /// <summary>Nodes that are built inside get this name before theirs: "blocks.0/attn".</summary>
    /// <returns>Ends the scope when it is disposed of.</returns>
    public Scope In(string name)
    {
        var ended = new Scope(this, scope);
        scope = scope.Length == 0 ? name : $"{scope}/{name}";
        return ended;
    }

    /// <summary>What is given to the graph when it runs.</summary>
    public Value Input(string name, ElementType type, params ReadOnlySpan<Dimension> shape)
    {
        Value value = Named(name, type, [.. shape]);
        inputs.Add(value);
        return value;
    }

    /// <summary>What the graph gives.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="name">What it is called outside.</param>
    public void Output(Value value, string name)
    {
        Value output = Named(name, value.Type, value.Shape);
        nodes.Add(new() { OpType = "Identity", Name = name + "/Identity", Input = { value.Name }, Output = { name } });
        outputs.Add(output);
    }

    /// <summary>A weight of the network, under its own name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="read">Gives its numbers, row-major, the same every time; asked whenever the graph is written.</param>
    /// <param name="shape">Its shape.</param>
    public Value Weight(string name, Func<float[]> read, params ReadOnlySpan<int> shape)
    {
        Value value = Named(name, ElementType.Float, Sides(shape));
        int count = value.Shape.Aggregate(1, (all, side) => checked(all * side.Size));
        tensors[name] = Tensor(value, UnsafeByteOperations.UnsafeWrap(new LateNumbers(read, count).Memory));
        return value;
    }

    /// <summary>One number.</summary>
    public Value Number(float number) => Constant(ElementType.Float, MemoryMarshal.AsBytes<float>([number]), []);

    /// <summary>One whole number.</summary>
    public Value Number(long number) => Constant(ElementType.Int64, MemoryMarshal.AsBytes<long>([number]), []);

    /// <summary>Whole numbers: a shape, axes, indices; equal ones are one constant.</summary>
    public Value Whole(ReadOnlySpan<long> numbers, params ReadOnlySpan<int> shape) =>
        Constant(ElementType.Int64, MemoryMarshal.AsBytes(numbers), shape.IsEmpty ? [numbers.Length] : Sides(shape));

    /// <summary>Numbers; equal ones are one constant.</summary>
    public Value Numbers(ReadOnlySpan<float> numbers, params ReadOnlySpan<int> shape) =>
        Constant(ElementType.Float, MemoryMarshal.AsBytes(numbers), shape.IsEmpty ? [numbers.Length] : Sides(shape));

    /// <summary>Ones, [rows, columns].</summary>
    public Value Ones(int rows, int columns) => Numbers([.. Enumerable.Repeat(1f, rows * columns)], rows, columns);

    /// <summary>A node with one output.</summary>
    /// <param name="operation">An operator of the standard.</param>
    /// <param name="type">Of what it gives.</param>
    /// <param name="shape">Of what it gives.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="attributes">How.</param>
    public Value Node(string operation, ElementType type, ImmutableArray<Dimension> shape, ReadOnlySpan<Value> inputs, params ReadOnlySpan<AttributeProto> attributes) =>
        Nodes(operation, inputs, [(type, shape)], attributes)[0];

    /// <summary>A node with several outputs.</summary>
    public Value[] Nodes(string operation, ReadOnlySpan<Value> inputs, ReadOnlySpan<(ElementType Type, ImmutableArray<Dimension> Shape)> given, params ReadOnlySpan<AttributeProto> attributes)
    {
        string name = Unused(scope.Length == 0 ? operation : $"{scope}/{operation}");
        var node = new NodeProto { OpType = operation, Name = name };
        foreach (Value input in inputs)
            node.Input.Add(input.Name);
        foreach (AttributeProto attribute in attributes)
            node.Attribute.Add(attribute);
        var values = new Value[given.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = new(i == 0 ? name : Unused($"{name}.{i}"), given[i].Type, given[i].Shape);
            node.Output.Add(values[i].Name);
        }

        nodes.Add(node);
        return values;
    }

    /// <summary>The graph as a file holds it: only what the outputs depend on.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="takes">Which outputs come out, by name; default: all.</param>
    public GraphProto Build(string name, Predicate<string>? takes = null)
    {
        Value[] given = [.. outputs.Where(value => takes?.Invoke(value.Name) != false)];
        var wanted = new HashSet<string>(given.Select(value => value.Name));
        var kept = new List<NodeProto>();
        for (int i = nodes.Count - 1; i >= 0; i--)
            if (nodes[i].Output.Any(wanted.Contains))
            {
                kept.Add(nodes[i]);
                wanted.UnionWith(nodes[i].Input);
            }

        kept.Reverse();
        var graph = new GraphProto { Name = name };
        graph.Node.Add(kept);
        graph.Initializer.Add(tensors.Where(tensor => wanted.Contains(tensor.Key)).Select(tensor => tensor.Value));
        graph.Input.Add(inputs.Select(Info));
        graph.Output.Add(given.Select(Info));
        return graph;
    }

    Value Constant(ElementType type, ReadOnlySpan<byte> bytes, ImmutableArray<Dimension> shape)
    {
        string key = $"{type} {string.Join(',', shape)} {Convert.ToBase64String(bytes)}";
        if (constants.TryGetValue(key, out Value? known))
            return known;
        Value value = Named(Unused("constant"), type, shape, reserved: true);
        tensors[value.Name] = Tensor(value, ByteString.CopyFrom(bytes));
        return constants[key] = value;
    }

    static TensorProto Tensor(Value value, ByteString bytes)
    {
        var tensor = new TensorProto { Name = value.Name, DataType = (int)value.Type, RawData = bytes };
        tensor.Dims.Add(value.Shape.Select(side => (long)side.Size));
        return tensor;
    }

    static ValueInfoProto Info(Value value)
    {
        var shape = new TensorShapeProto();
        foreach (Dimension side in value.Shape)
            shape.Dim.Add(side.Known ? new TensorShapeProto.Types.Dimension { DimValue = side.Size } : new() { DimParam = side.Name });
        return new() { Name = value.Name, Type = new() { TensorType = new() { ElemType = (int)value.Type, Shape = shape } } };
    }

    static ImmutableArray<Dimension> Sides(ReadOnlySpan<int> shape)
    {
        var sides = ImmutableArray.CreateBuilder<Dimension>(shape.Length);
        foreach (int side in shape)
            sides.Add(side);
        return sides.MoveToImmutable();
    }

    Value Named(string name, ElementType type, ImmutableArray<Dimension> shape, bool reserved = false) =>
        reserved || names.Add(name) ? new(name, type, shape) : throw new ArgumentException($"There is a '{name}' in the graph already.", nameof(name));

    string Unused(string name)
    {
        string free = name;
        for (int i = 1; !names.Add(free); i++)
            free = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");
        return free;
    }

    /// <summary>Where nodes are built.</summary>
    internal readonly struct Scope(OnnxGraph graph, string before) : IDisposable
    {
        public void Dispose() => graph.scope = before;
    }
}
