namespace Secateur.Onnx.Graphs;

/// <summary>What a tensor consists of; the numbers are those of the ONNX standard.</summary>
public enum ElementType
{
    /// <summary>32-bit floats.</summary>
    Float = 1,

    /// <summary>Bytes.</summary>
    UInt8 = 2,

    /// <summary>32-bit whole numbers.</summary>
    Int32 = 6,

    /// <summary>64-bit whole numbers: indices and shapes.</summary>
    Int64 = 7,

    /// <summary>True or false.</summary>
    Bool = 9,

    /// <summary>16-bit floats.</summary>
    Float16 = 10,
}
