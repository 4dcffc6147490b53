using System.Runtime.InteropServices;
using System.Text;

namespace Secateur.Onnx.Runtime;

/// <summary>A text as C reads it, ended by a zero, in memory that does not move: UTF-8, or UTF-16 for paths on Windows.</summary>
sealed class PinnedText
{
    readonly byte[] bytes;

    PinnedText(ReadOnlySpan<byte> text, int zero)
    {
        bytes = GC.AllocateArray<byte>(text.Length + zero, pinned: true);
        text.CopyTo(bytes);
    }

    /// <summary>Where it is for as long as this object is reachable.</summary>
    internal nint Address => Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0);

    /// <summary>A name.</summary>
    internal static PinnedText Of(string text) => new(Encoding.UTF8.GetBytes(text), sizeof(byte));

    /// <summary>A path, in the characters that the system's paths have.</summary>
    internal static PinnedText Path(string path) => OperatingSystem.IsWindows() ? new(MemoryMarshal.AsBytes(path.AsSpan()), sizeof(char)) : Of(path);
}
