using System.Runtime.InteropServices;

namespace Secateur.Models.Images.Native;

/// <summary>The part of the TurboJPEG API (2.0 and later) that decoding needs.</summary>
static partial class TurboJpeg
{
    internal const int FormatRgb = 0;
    internal const int FormatCmyk = 11;
    internal const int SpaceCmyk = 3;
    internal const int SpaceYcck = 4;

    /// <summary>The slow, exact integer DCT; colour is then upsampled smoothly, since the flag against it is not set.</summary>
    internal const int AccurateDct = 4096;

    /// <summary>Refuse a progressive file of more than 500 scans: only an attack has as many.</summary>
    internal const int LimitScans = 32768;

    const string Library = ImageLibraries.TurboJpeg;

    [LibraryImport(Library, EntryPoint = "tjInitDecompress")]
    internal static partial DecompressHandle InitDecompress();

    [LibraryImport(Library, EntryPoint = "tjDecompressHeader3")]
    internal static partial int DecompressHeader(
        DecompressHandle handle, ReadOnlySpan<byte> jpeg, CULong length, ref int width, ref int height, ref int subsampling, ref int colourSpace);

    [LibraryImport(Library, EntryPoint = "tjDecompress2")]
    internal static partial int Decompress(
        DecompressHandle handle, ReadOnlySpan<byte> jpeg, CULong length, Span<byte> destination, int width, int pitch, int height, int format, int flags);

    /// <summary>Whether the last call that failed gave up (else it warned and went on).</summary>
    internal static bool IsFatal(DecompressHandle handle) => GetErrorCode(handle) != 0;

    internal static string Error(DecompressHandle handle) => Marshal.PtrToStringUTF8(GetErrorStr(handle)) ?? "unknown error";

    [LibraryImport(Library, EntryPoint = "tjGetErrorCode")]
    private static partial int GetErrorCode(DecompressHandle handle);

    [LibraryImport(Library, EntryPoint = "tjGetErrorStr2")]
    private static partial nint GetErrorStr(DecompressHandle handle);

    [LibraryImport(Library, EntryPoint = "tjDestroy")]
    private static partial int Destroy(nint handle);

    internal sealed class DecompressHandle : SafeHandle
    {
        public DecompressHandle()
            : base(0, true)
        {
        }

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle() => Destroy(handle) == 0;
    }
}
