using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Secateur.Onnx.Runtime;

/// <summary>Numbers of one type in a shape, row after row, in memory that does not move: a runtime may read and write it in place.</summary>
public sealed class OnnxTensor
{
    /// <summary>The widest register is 64 bytes.</summary>
    const int Alignment = 64;

    /// <summary>More dimensions than any graph of a transformer has.</summary>
    const int MostDimensions = 16;

    readonly byte[] memory;
    readonly int start;
    readonly int bytes;

    /// <summary>A tensor of zeros.</summary>
    /// <param name="type">What it holds.</param>
    /// <param name="shape">Its dimensions; none for a single number.</param>
    /// <exception cref="ArgumentException">A dimension is negative, or all of them together are more than fits into memory.</exception>
    /// <exception cref="NotSupportedException">The type is <see cref="OnnxElementType.Other"/>.</exception>
    public OnnxTensor(OnnxElementType type, params ReadOnlySpan<long> shape)
    {
        if (shape.Length > MostDimensions)
            throw new ArgumentException($"A tensor has at most {MostDimensions} dimensions, not {shape.Length}.", nameof(shape));
        long most = (Array.MaxLength - Alignment) / ElementTypes.Size(type), count = 1;
        foreach (long length in shape)
        {
            if (length < 0 || (length > 0 && count > most / length))
                throw new ArgumentException($"A tensor cannot have the shape {Words(shape)}: at most {most} numbers fit.", nameof(shape));
            count *= length;
        }

        (Type, Shape, Count) = (type, [.. shape], (int)count);
        bytes = Count * ElementTypes.Size(type);
        memory = GC.AllocateArray<byte>(bytes + Alignment, pinned: true);
        start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0) & (Alignment - 1));
    }

    /// <summary>What it holds.</summary>
    public OnnxElementType Type { get; }

    /// <summary>Its dimensions.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>How many numbers it holds.</summary>
    public int Count { get; }

    /// <summary>Where its bytes are for as long as this object is reachable.</summary>
    internal nint Address => Marshal.UnsafeAddrOfPinnedArrayElement(memory, start);

    /// <summary>Its bytes, row after row.</summary>
    internal Span<byte> Bytes => memory.AsSpan(start, bytes);

    /// <summary>A tensor with a copy of these numbers.</summary>
    /// <typeparam name="T">float, Half, long, int, byte or bool.</typeparam>
    /// <param name="values">The numbers, row after row.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">There are more or fewer numbers than the shape holds.</exception>
    public static OnnxTensor Of<T>(ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        var tensor = new OnnxTensor(ElementTypes.Of<T>(), shape);
        if (values.Length != tensor.Count)
            throw new ArgumentException($"{values.Length} numbers are not a tensor of shape {Words(shape)}, which has {tensor.Count}.", nameof(values));
        values.CopyTo(tensor.Values<T>());
        return tensor;
    }

    /// <summary>The numbers, to read and to write, row after row.</summary>
    /// <typeparam name="T">The .NET type of <see cref="Type"/>.</typeparam>
    /// <returns>A view of them, [<see cref="Count"/>].</returns>
    /// <exception cref="InvalidOperationException">The tensor holds another type.</exception>
    public Span<T> Values<T>()
        where T : unmanaged => ElementTypes.Of<T>() == Type
            ? MemoryMarshal.Cast<byte, T>(Bytes)
            : throw new InvalidOperationException($"The tensor holds {ElementTypes.Name(Type)}, not {ElementTypes.Name(ElementTypes.Of<T>())}.");

    /// <summary>"[2, 3, 56, 56]"; a dimension that is free is "?".</summary>
    internal static string Words(ReadOnlySpan<long> shape)
    {
        var words = new string[shape.Length];
        for (int i = 0; i < words.Length; i++)
            words[i] = shape[i] < 0 ? "?" : $"{shape[i]}";
        return $"[{string.Join(", ", words)}]";
    }
}
