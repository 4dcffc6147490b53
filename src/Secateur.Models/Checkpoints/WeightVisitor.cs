using System.Collections.Immutable;
using Secateur.Kernels;

namespace Secateur.Models.Checkpoints;

/// <summary>One enumeration of a network's weights, for loading, saving, counting and hashing. A layer hands each weight over by reference.</summary>
public abstract class WeightVisitor
{
    /// <summary>A length that the weights themselves decide.</summary>
    public const int Any = -1;

    /// <summary>A length that the weights themselves decide, and that may be zero: the columns of heads or neurons that were all removed.</summary>
    public const int AnyOrNone = -2;

    /// <summary>A matrix that the products read.</summary>
    /// <param name="name">Its timm name.</param>
    /// <param name="matrix">The packed matrix; null before loading, and after it when the checkpoint has none.</param>
    /// <param name="outputs">Rows in the checkpoint, or <see cref="Any"/>.</param>
    /// <param name="inputs">Columns in the checkpoint (all further dimensions together), or <see cref="Any"/>.</param>
    /// <param name="optional">Whether the network works without it.</param>
    public abstract void Matrix(string name, ref PackedMatrix? matrix, int outputs, int inputs, bool optional = false);

    /// <summary>Any other weight.</summary>
    /// <param name="name">Its timm name.</param>
    /// <param name="values">The numbers; null before loading, and after it when the checkpoint has none.</param>
    /// <param name="shape">Its dimensions; <see cref="Any"/> where the weights decide.</param>
    /// <param name="optional">Whether the network works without it.</param>
    public abstract void Vector(string name, ref float[]? values, ImmutableArray<int> shape, bool optional = false);
}

/// <summary>Fills a network from a checkpoint; the first weight that is missing or misshapen is an error that names it.</summary>
/// <param name="source">Tensors under timm names.</param>
/// <param name="kernels">Who packs the matrices.</param>
internal sealed class WeightLoader(ITensorSource source, KernelSet kernels) : WeightVisitor
{
    float[] buffer = [];

    public override void Matrix(string name, ref PackedMatrix? matrix, int outputs, int inputs, bool optional = false)
    {
        if (Find(name, [outputs, inputs], optional) is not { } info)
            return;
        if (buffer.Length < info.Length)
            buffer = new float[info.Length];
        Span<float> weight = buffer.AsSpan(0, info.Length);
        source.Read(name, weight);
        matrix = kernels.Pack(weight, info.Shape[0], info.Shape.Skip(1).Aggregate(1, (a, b) => a * b));
    }

    public override void Vector(string name, ref float[]? values, ImmutableArray<int> shape, bool optional = false)
    {
        if (Find(name, shape, optional) is not { } info)
            return;
        values = new float[info.Length];
        source.Read(name, values);
    }

    TensorInfo? Find(string name, ImmutableArray<int> expected, bool optional)
    {
        if (!source.Tensors.TryGetValue(name, out TensorInfo? info))
            return optional ? null : throw new CheckpointException($"{source.Path}: the weight '{name}' is missing; expected shape {Describe(expected)}.");

        // A matrix may have more dimensions in the checkpoint: those after the first count as one.
        ImmutableArray<int> shape = expected.Length == 2 && info.Shape.Length > 2 && info.Shape[0] > 0 ? [info.Shape[0], info.Length / info.Shape[0]] : info.Shape;
        bool fits = shape.Length == expected.Length;
        for (int i = 0; fits && i < shape.Length; i++)
            fits = expected[i] == AnyOrNone || (expected[i] == Any ? shape[i] > 0 : shape[i] == expected[i]);
        return fits ? info : throw new CheckpointException($"{source.Path}: the weight '{name}' has shape {Describe(info.Shape)}; expected {Describe(expected)}.");
    }

    static string Describe(ImmutableArray<int> shape) => $"[{string.Join(", ", shape.Select(length => length < 0 ? "any" : length.ToString()))}]";
}

/// <summary>Lists the weights of a network: what is there, its shape, and how to read it.</summary>
/// <param name="found">Receives each weight.</param>
internal sealed class WeightLister(Action<string, ImmutableArray<int>, Action<Span<float>>> found) : WeightVisitor
{
    public override void Matrix(string name, ref PackedMatrix? matrix, int outputs, int inputs, bool optional = false)
    {
        if (matrix is { } there)
            found(name, [there.Outputs, there.Inputs], there.Unpack);
    }

    public override void Vector(string name, ref float[]? values, ImmutableArray<int> shape, bool optional = false)
    {
        if (values is not { } there)
            return;
        int known = shape.Where(length => length != Any).Aggregate(1, (a, b) => a * b);
        found(name, [.. shape.Select(length => length == Any ? there.Length / known : length)], destination => there.CopyTo(destination));
    }
}
