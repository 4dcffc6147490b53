using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Secateur.Models.Checkpoints;

/// <summary>A tensor to be written by <see cref="SafetensorsWriter"/>: its name, type and shape, and where its numbers come from when their turn comes.</summary>
public sealed class OutputTensor
{
    const int Chunk = 1 << 14;

    readonly Action<Stream> write;

    OutputTensor(string name, TensorType type, IEnumerable<int> shape, Action<Stream> write)
    {
        Info = new(name, type, [.. shape]);
        this.write = write;
    }

    /// <summary>Name, type and shape.</summary>
    public TensorInfo Info { get; }

    /// <summary>Floating numbers that are read when they are written; only one tensor at a time is held in memory.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its dimensions, outermost first.</param>
    /// <param name="read">Fills a span of the tensor's length.</param>
    /// <param name="type">How they are kept: F32, or rounded to the nearest F16 or BF16 (ties to even), or F64.</param>
    /// <exception cref="ArgumentException">The type is not a floating one.</exception>
    public static OutputTensor Floats(string name, IEnumerable<int> shape, Action<Span<float>> read, TensorType type = TensorType.F32)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (!type.IsFloating())
            throw new ArgumentException($"{type} is not a floating type.", nameof(type));
        ImmutableArray<int> dimensions = [.. shape];
        return new(name, type, dimensions, stream =>
        {
            var values = new float[dimensions.Aggregate(1, (a, b) => checked(a * b))];
            read(values);
            WriteFloats(stream, values, type);
        });
    }

    /// <summary>Floats, kept as F32.</summary>
    /// <exception cref="ArgumentException">The length is not that of the shape.</exception>
    public static OutputTensor Of(string name, IEnumerable<int> shape, ReadOnlyMemory<float> values) =>
        new OutputTensor(name, TensorType.F32, shape, stream => WriteFloats(stream, values.Span, TensorType.F32)).OfLength(values.Length);

    /// <summary>Integers, kept as I64.</summary>
    /// <exception cref="ArgumentException">The length is not that of the shape.</exception>
    public static OutputTensor Of(string name, IEnumerable<int> shape, ReadOnlyMemory<long> values) =>
        new OutputTensor(name, TensorType.I64, shape, stream => stream.Write(MemoryMarshal.AsBytes(values.Span))).OfLength(values.Length);

    /// <summary>Bytes, kept as U8.</summary>
    /// <exception cref="ArgumentException">The length is not that of the shape.</exception>
    public static OutputTensor Of(string name, IEnumerable<int> shape, ReadOnlyMemory<byte> values) =>
        new OutputTensor(name, TensorType.U8, shape, stream => stream.Write(values.Span)).OfLength(values.Length);

    internal void WriteTo(Stream stream) => write(stream);

    OutputTensor OfLength(int length) => Info.Length == length
        ? this
        : throw new ArgumentException($"'{Info.Name}' of shape {TensorTypes.Describe(Info.Shape)} has {Info.Length} numbers, not {length}.");

    static void WriteFloats(Stream stream, ReadOnlySpan<float> values, TensorType type)
    {
        int size = type.Size();
        byte[] bytes = type == TensorType.F32 ? [] : new byte[Math.Min(values.Length, Chunk) * size];
        while (!values.IsEmpty)
        {
            ReadOnlySpan<float> part = values[..Math.Min(values.Length, Chunk)];
            for (int i = 0; type != TensorType.F32 && i < part.Length; i++)
                Narrow(part[i], type, bytes.AsSpan(i * size));
            stream.Write(type == TensorType.F32 ? MemoryMarshal.AsBytes(part) : bytes.AsSpan(0, part.Length * size));
            values = values[part.Length..];
        }
    }

    static void Narrow(float value, TensorType type, Span<byte> to)
    {
        switch (type)
        {
            case TensorType.F16:
                BinaryPrimitives.WriteHalfLittleEndian(to, (Half)value);
                break;
            case TensorType.BF16:
                // Half an upper unit, less one where the upper half is even: ties go to even. A NaN must not be rounded up to nothing.
                uint bits = BitConverter.SingleToUInt32Bits(value);
                uint rounded = float.IsNaN(value) ? bits | 0x0040_0000 : bits + 0x7FFF + ((bits >> 16) & 1);
                BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)(rounded >> 16));
                break;
            default:
                BinaryPrimitives.WriteDoubleLittleEndian(to, value);
                break;
        }
    }
}
