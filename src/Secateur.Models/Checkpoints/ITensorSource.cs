using System.Collections.Immutable;

namespace Secateur.Models.Checkpoints;

/// <summary>How numbers are kept in a checkpoint (the names of safetensors).</summary>
public enum TensorType
{
    /// <summary>Booleans, a byte each.</summary>
    Bool,

    /// <summary>Unsigned 8-bit integers.</summary>
    U8,

    /// <summary>Signed 8-bit integers.</summary>
    I8,

    /// <summary>Signed 16-bit integers.</summary>
    I16,

    /// <summary>Unsigned 16-bit integers.</summary>
    U16,

    /// <summary>Signed 32-bit integers.</summary>
    I32,

    /// <summary>Unsigned 32-bit integers.</summary>
    U32,

    /// <summary>Signed 64-bit integers.</summary>
    I64,

    /// <summary>Unsigned 64-bit integers.</summary>
    U64,

    /// <summary>Half precision.</summary>
    F16,

    /// <summary>The upper half of single precision.</summary>
    BF16,

    /// <summary>Single precision.</summary>
    F32,

    /// <summary>Double precision.</summary>
    F64,
}

/// <summary>A tensor in a checkpoint: its name, type and shape, not its numbers.</summary>
/// <param name="Name">As the checkpoint calls it.</param>
/// <param name="Type">How its numbers are kept.</param>
/// <param name="Shape">Its dimensions, outermost first; empty for a scalar.</param>
public sealed record TensorInfo(string Name, TensorType Type, ImmutableArray<int> Shape)
{
    /// <summary>How many numbers it holds.</summary>
    public int Length => Shape.Aggregate(1, (a, b) => checked(a * b));
}

/// <summary>Named tensors to read from: a safetensors file, several of them, or one of these seen under other names.</summary>
public interface ITensorSource
{
    /// <summary>For errors: the file or folder.</summary>
    string Path { get; }

    /// <summary>All tensors, by name.</summary>
    IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>Reads a tensor of a floating type as float32.</summary>
    /// <param name="name">One of <see cref="Tensors"/>.</param>
    /// <param name="destination">[length of the tensor].</param>
    /// <exception cref="CheckpointException">There is no such tensor, it has another length, or it is not of a floating type.</exception>
    void Read(string name, Span<float> destination);
}

/// <summary>A checkpoint that cannot be used; the message names file, weight, and shapes, and says what to do.</summary>
public sealed class CheckpointException : Exception
{
    /// <summary>An error with its whole message.</summary>
    public CheckpointException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    public CheckpointException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An error without a message.</summary>
    public CheckpointException()
    {
    }
}
