using System.Buffers;
using System.Runtime.InteropServices;

namespace Secateur.Onnx.Graphs;

/// <summary>The bytes of a weight that is read whenever they are looked at, and not kept: so a model that is written to a file holds one weight at a time.</summary>
/// <param name="read">Gives the numbers, the same every time.</param>
/// <param name="count">How many they are.</param>
internal sealed class LateNumbers(Func<float[]> read, int count) : MemoryManager<byte>
{
    /// <inheritdoc/>
    public override Memory<byte> Memory => CreateMemory(checked(count * sizeof(float)));

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(read().AsSpan());

    /// <summary>Nothing stays where it could be pinned.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }
}
