namespace Secateur.Models.Checkpoints;

/// <summary>What the file format says about a <see cref="TensorType"/>.</summary>
internal static class TensorTypes
{
    /// <summary>Bytes of one number.</summary>
    public static int Size(this TensorType type) => type switch
    {
        TensorType.Bool or TensorType.U8 or TensorType.I8 => 1,
        TensorType.I16 or TensorType.U16 or TensorType.F16 or TensorType.BF16 => 2,
        TensorType.I32 or TensorType.U32 or TensorType.F32 => 4,
        TensorType.I64 or TensorType.U64 or TensorType.F64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Whether its numbers can be read as float32.</summary>
    public static bool IsFloating(this TensorType type) => type is TensorType.F16 or TensorType.BF16 or TensorType.F32 or TensorType.F64;

    /// <summary>Its name in a file.</summary>
    public static string Name(this TensorType type) => type == TensorType.Bool ? "BOOL" : type.ToString();

    /// <summary>The type of that name in a file, or null.</summary>
    public static TensorType? Named(string? name) => name switch
    {
        "BOOL" => TensorType.Bool,
        "U8" => TensorType.U8,
        "I8" => TensorType.I8,
        "I16" => TensorType.I16,
        "U16" => TensorType.U16,
        "I32" => TensorType.I32,
        "U32" => TensorType.U32,
        "I64" => TensorType.I64,
        "U64" => TensorType.U64,
        "F16" => TensorType.F16,
        "BF16" => TensorType.BF16,
        "F32" => TensorType.F32,
        "F64" => TensorType.F64,
        _ => null,
    };

    /// <summary>A shape for people: "[48, 3, 8, 8]".</summary>
    public static string Describe(IEnumerable<int> shape) => $"[{string.Join(", ", shape)}]";
}
