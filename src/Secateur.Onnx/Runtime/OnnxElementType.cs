namespace Secateur.Onnx.Runtime;

/// <summary>What a tensor holds, by the number that ONNX gives it.</summary>
public enum OnnxElementType
{
    /// <summary>None of those below: text, or a number that is not bound here.</summary>
    Other = 0,

    /// <summary>32-bit floating point: <see cref="float"/>.</summary>
    Float32 = 1,

    /// <summary>Whole numbers from 0 to 255: <see cref="byte"/>.</summary>
    UInt8 = 2,

    /// <summary>32-bit whole numbers: <see cref="int"/>.</summary>
    Int32 = 6,

    /// <summary>64-bit whole numbers: <see cref="long"/>.</summary>
    Int64 = 7,

    /// <summary>True or false, a byte each: <see cref="bool"/>.</summary>
    Bool = 9,

    /// <summary>16-bit floating point: <see cref="Half"/>.</summary>
    Float16 = 10,
}

/// <summary>Element types as .NET types, sizes and words.</summary>
static class ElementTypes
{
    /// <summary>The element type of a .NET type.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    internal static OnnxElementType Of<T>()
        where T : unmanaged =>
        typeof(T) == typeof(float) ? OnnxElementType.Float32
        : typeof(T) == typeof(byte) ? OnnxElementType.UInt8
        : typeof(T) == typeof(int) ? OnnxElementType.Int32
        : typeof(T) == typeof(long) ? OnnxElementType.Int64
        : typeof(T) == typeof(bool) ? OnnxElementType.Bool
        : typeof(T) == typeof(Half) ? OnnxElementType.Float16
        : throw new NotSupportedException($"Tensors hold float, Half, long, int, byte or bool, not {typeof(T).Name}.");

    /// <summary>Bytes of an element.</summary>
    internal static int Size(OnnxElementType type) => type switch
    {
        OnnxElementType.Float32 or OnnxElementType.Int32 => 4,
        OnnxElementType.Int64 => 8,
        OnnxElementType.Float16 => 2,
        OnnxElementType.UInt8 or OnnxElementType.Bool => 1,
        _ => throw new NotSupportedException("Tensors hold float32, float16, int64, int32, uint8 or bool."),
    };

    /// <summary>By the number that the runtime gives.</summary>
    internal static OnnxElementType Of(int number) => Enum.IsDefined((OnnxElementType)number) ? (OnnxElementType)number : OnnxElementType.Other;

    /// <summary>As ONNX writes it: "float32".</summary>
    internal static string Name(OnnxElementType type) => type == OnnxElementType.Other ? "another type" : type.ToString().ToLowerInvariant();
}
