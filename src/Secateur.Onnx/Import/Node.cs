using System.Text;
using Secateur.Models.Checkpoints;
using Secateur.Onnx.Graphs;
using Secateur.Onnx.Schema;

namespace Secateur.Onnx.Import;

/// <summary>An operator of a graph that is looked at, its arguments checked when they are asked for.</summary>
internal sealed class Node
{
    readonly string path;
    readonly NodeProto proto;
    readonly int count;

    /// <summary>A node.</summary>
    /// <param name="path">The file, for errors.</param>
    /// <param name="proto">What it says.</param>
    /// <param name="position">Where it stands, from 0.</param>
    /// <param name="count">Among how many.</param>
    /// <param name="opset">Version of the operators.</param>
    public Node(string path, NodeProto proto, int position, int count, int opset)
    {
        (this.path, this.proto, Position, this.count, Opset) = (path, proto, position, count, opset);
        Op = OnnxFile.IsStandard(proto.Domain) ? proto.OpType : $"{Short(proto.Domain)}.{Short(proto.OpType)}";
        Outputs = [.. proto.Output.Select((name, output) => new Edge(name) { Producer = this, Output = output })];
    }

    /// <summary>What it does: the operator's name; with its domain before it where that is not ONNX's own.</summary>
    public string Op { get; }

    /// <summary>Where it stands, from 0.</summary>
    public int Position { get; }

    /// <summary>Version of the operators.</summary>
    public int Opset { get; }

    /// <summary>What it reads; null where an optional one is left out.</summary>
    public Edge?[] Inputs { get; set; } = [];

    /// <summary>What it gives.</summary>
    public Edge[] Outputs { get; }

    /// <summary>An input that must be there.</summary>
    public Edge In(int index) => index < Inputs.Length && Inputs[index] is { } edge ? edge : throw Refuse($"it lacks its input {index}");

    /// <summary>An input that may be there.</summary>
    public Edge? Maybe(int index) => index < Inputs.Length ? Inputs[index] : null;

    /// <summary>Whether it has this attribute.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>A whole number.</summary>
    public int Int(string name, int usual) => Find(name) is { } found ? Whole(found.I) : usual;

    /// <summary>A number.</summary>
    public float Float(string name, float usual) => Find(name) is { } found ? found.F : usual;

    /// <summary>A text.</summary>
    public string Text(string name, string usual) => Find(name) is { } found ? Encoding.UTF8.GetString(found.S.Span[..Math.Min(found.S.Length, 100)]) : usual;

    /// <summary>Whole numbers.</summary>
    public int[]? Ints(string name) => Find(name) is { } found ? [.. found.Ints.Select(Whole)] : null;

    /// <summary>Numbers.</summary>
    public float[]? Floats(string name) => Find(name) is { } found ? [.. found.Floats] : null;

    /// <summary>A tensor.</summary>
    public StoredTensor? Tensor(string name) => Find(name) is { T: { } tensor } ? new(path, tensor) : null;

    /// <summary>Whole numbers that an attribute says or, since a later version of the operators, an input; null where neither does.</summary>
    /// <exception cref="CheckpointException">The input is not known.</exception>
    public int[]? Ints(string name, int input)
    {
        if (Ints(name) is { } told)
            return told;
        if (Maybe(input) is not { } edge)
            return null;
        return edge.Numbers is { Length: <= 1 << 16 } numbers
            ? [.. numbers.Select(Clamp)]
            : throw Refuse($"its input {edge} should say numbers, and depends on what the network is given");
    }

    /// <summary>An axis, counted from the front.</summary>
    public int Axis(int axis, int rank) => axis >= -rank && axis < rank ? axis < 0 ? axis + rank : axis : throw Refuse($"there is no axis {axis} in {rank}");

    /// <summary>Axes, counted from the front.</summary>
    public int[] Axes(int[] axes, int rank) => [.. axes.Select(axis => Axis(axis, rank))];

    /// <summary>A whole number as far as it fits: ends of slices are the largest that there are.</summary>
    public static int Clamp(double number) => double.IsNaN(number) ? 0 : (int)Math.Clamp(number, int.MinValue, int.MaxValue);

    /// <summary>An error that names this operator and where it stands.</summary>
    /// <param name="why">What does not fit.</param>
    public CheckpointException Refuse(string why) => new($"{path}: the operator {this} does not fit: {why}.");

    /// <summary>A name as far as it is readable.</summary>
    public static string Short(string name) => new([.. name.Take(120).Select(letter => char.IsControl(letter) ? '?' : letter)]);

    public override string ToString() =>
        $"{Short(Op)} '{Short(proto.Name.Length > 0 ? proto.Name : Outputs is [var first, ..] ? first.Name : "")}' (node {Position + 1} of {count})";

    AttributeProto? Find(string name)
    {
        foreach (AttributeProto attribute in proto.Attribute)
            if (attribute.Name == name)
                return attribute;
        return null;
    }

    static int Whole(long number) => (int)Math.Clamp(number, int.MinValue, int.MaxValue);
}
