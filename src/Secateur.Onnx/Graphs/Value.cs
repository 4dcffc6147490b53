using System.Collections.Immutable;

namespace Secateur.Onnx.Graphs;

/// <summary>A tensor in a graph: an input, a constant, or what a node gives.</summary>
/// <param name="Name">Its only name.</param>
/// <param name="Type">What it consists of.</param>
/// <param name="Shape">Its sides, the outermost first.</param>
internal sealed record Value(string Name, ElementType Type, ImmutableArray<Dimension> Shape)
{
    /// <summary>How many sides it has.</summary>
    public int Rank => Shape.Length;

    /// <summary>One side, counted from the end where negative; its number must be known.</summary>
    public int Size(int axis) => Side(axis) is { Known: true } side ? side.Size : throw new InvalidOperationException($"Side {axis} of {this} is known by name alone.");

    /// <summary>One side, counted from the end where negative.</summary>
    public Dimension Side(int axis) => Shape[Axis(axis)];

    /// <summary>An axis counted from the front.</summary>
    public int Axis(int axis) => axis < 0 ? axis + Rank : axis;

    /// <summary>Its shape with one side replaced.</summary>
    public ImmutableArray<Dimension> With(int axis, Dimension side) => Shape.SetItem(Axis(axis), side);

    public override string ToString() => $"'{Name}' [{string.Join(", ", Shape)}]";
}
