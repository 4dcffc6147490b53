namespace Secateur.Kernels;

/// <summary>Floats that do not move and start on a cache line; owned by the garbage collector.</summary>
public sealed unsafe class AlignedBuffer
{
    const int Alignment = 64;
    readonly float[] array;
    readonly int start;

    /// <summary>Makes room for <paramref name="length"/> floats, all zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        array = GC.AllocateArray<float>(length + (Alignment / sizeof(float)), pinned: true);
        fixed (float* first = array)
            start = (int)((Alignment - ((nint)first & (Alignment - 1))) & (Alignment - 1)) / sizeof(float);
    }

    /// <summary>Number of floats.</summary>
    public int Length { get; }

    /// <summary>All the floats.</summary>
    public Span<float> Span => array.AsSpan(start, Length);

    /// <summary>The first float. The array is pinned for its whole life: the pointer is good while this object is reachable.</summary>
    internal float* Pointer => (float*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref array[start]);
}
