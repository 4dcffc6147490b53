using System.Collections.Immutable;
using Secateur.Models.Checkpoints;

namespace Secateur.Onnx.Import;

/// <summary>What flows between two nodes of a graph that is looked at: its shape for the inputs that it is tried with, and its numbers as far as they are known.</summary>
internal sealed class Edge(string name)
{
    /// <summary>Numbers that are looked at at most; what holds more is known by its shape alone.</summary>
    public const int MostNumbers = 1 << 20;

    double[]? numbers;

    /// <summary>Its name in the file.</summary>
    public string Name => name;

    /// <summary>The file, for errors.</summary>
    public string Path { get; init; } = "";

    /// <summary>Who gives it; null for inputs of the graph and for what is stored.</summary>
    public Node? Producer { get; init; }

    /// <summary>Which of the producer's outputs it is.</summary>
    public int Output { get; init; }

    /// <summary>Where it is stored in the file; null where it is computed.</summary>
    public StoredTensor? Stored { get; init; }

    /// <summary>Its sides; null where they are not known.</summary>
    public ImmutableArray<int>? Shape { get; set; }

    /// <summary>Whether it depends on no input of the graph but by their shapes.</summary>
    public bool IsConstant { get; set; }

    /// <summary>Whether it holds whole numbers or booleans.</summary>
    public bool Integral { get; set; }

    /// <summary>Its numbers; null where they are not known or too many to look at.</summary>
    public double[]? Numbers
    {
        get => numbers ??= Stored is { Length: <= MostNumbers } stored ? stored.Numbers() : null;
        set => numbers = value;
    }

    /// <summary>How many numbers it holds; 0 where that is not known.</summary>
    public int Length => Shape is { } shape ? (int)Sizes.Product(shape) : 0;

    /// <summary>Its only number; null where it has several or none is known.</summary>
    public double? Number => Length == 1 ? Numbers?[0] : null;

    /// <summary>How many sides it has; -1 where that is not known.</summary>
    public int Rank => Shape?.Length ?? -1;

    /// <summary>A side, counted from the end; 0 where there is none.</summary>
    public int Last(int back = 1) => Shape is { } shape && shape.Length >= back ? shape[^back] : 0;

    /// <summary>Whether a node of this kind gives it.</summary>
    public bool Is(string op) => Producer?.Op == op;

    /// <summary>An error that names who gives it.</summary>
    /// <param name="expected">What should stand there.</param>
    public CheckpointException Expected(string expected) =>
        Producer?.Refuse($"expected {expected}") ?? new($"{Path}: {this} {(Stored is null ? "comes in from outside" : "is stored")} where {expected} was expected.");

    public override string ToString() => $"'{Node.Short(name)}' [{(Shape is { } shape ? string.Join(", ", shape) : "unknown")}]";
}
