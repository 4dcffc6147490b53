using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Secateur.Models.Images.Native;

/// <summary>The part of the libspng API (0.7) that decoding needs.</summary>
static unsafe partial class Spng
{
    /// <summary>Samples as the file holds them: packed below 8 bits, high byte first at 16 bits.</summary>
    internal const int FormatRaw = 512;

    const string Library = ImageLibraries.Spng;

    /// <summary>Opens a PNG, hands its context to <paramref name="use"/>, and frees it.</summary>
    /// <remarks>libspng keeps the address of the file between calls, so the file stays pinned for as long as the context lives.</remarks>
    internal static T With<T>(ReadOnlySpan<byte> png, string name, Func<nint, string, T> use)
    {
        nint context = ContextNew(0);
        if (context == 0)
            throw new ImageException($"{name}: libspng could not start (out of memory).");
        try
        {
            fixed (byte* data = png)
            {
                Check(SetBuffer(context, data, (nuint)png.Length), name);
                return use(context, name);
            }
        }
        finally
        {
            ContextFree(context);
        }
    }

    /// <summary>Throws unless a call went well.</summary>
    internal static void Check(int error, string name)
    {
        if (error != 0)
            throw new ImageException($"{name}: the PNG is truncated or damaged (libspng: {Marshal.PtrToStringUTF8(ErrorText(error))}). Get the file again.");
    }

    /// <summary>"0.7.3".</summary>
    internal static string Version => Marshal.PtrToStringUTF8(VersionString()) ?? "unknown version";

    [LibraryImport(Library, EntryPoint = "spng_set_image_limits")]
    internal static partial int SetImageLimits(nint context, uint width, uint height);

    [LibraryImport(Library, EntryPoint = "spng_set_chunk_limits")]
    internal static partial int SetChunkLimits(nint context, nuint chunk, nuint cache);

    [LibraryImport(Library, EntryPoint = "spng_get_ihdr")]
    internal static partial int GetHeader(nint context, out Header header);

    [LibraryImport(Library, EntryPoint = "spng_get_plte")]
    internal static partial int GetPalette(nint context, out Palette palette);

    [LibraryImport(Library, EntryPoint = "spng_decoded_image_size")]
    internal static partial int DecodedSize(nint context, int format, out nuint bytes);

    [LibraryImport(Library, EntryPoint = "spng_decode_image")]
    internal static partial int Decode(nint context, Span<byte> destination, nuint length, int format, int flags);

    [LibraryImport(Library, EntryPoint = "spng_version_string")]
    private static partial nint VersionString();

    [LibraryImport(Library, EntryPoint = "spng_ctx_new")]
    private static partial nint ContextNew(int flags);

    [LibraryImport(Library, EntryPoint = "spng_ctx_free")]
    private static partial void ContextFree(nint context);

    [LibraryImport(Library, EntryPoint = "spng_set_png_buffer")]
    private static partial int SetBuffer(nint context, byte* data, nuint length);

    [LibraryImport(Library, EntryPoint = "spng_strerror")]
    private static partial nint ErrorText(int error);

    [StructLayout(LayoutKind.Sequential)]
    internal struct Header
    {
        public uint Width;
        public uint Height;
        public byte BitDepth;
        public byte ColourType;
        public byte Compression;
        public byte Filter;
        public byte Interlace;
    }

    /// <summary>Up to 256 entries of red, green, blue and alpha.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Palette
    {
        public uint Count;
        public Entries Colours;
    }

    [InlineArray(256 * 4)]
    internal struct Entries
    {
        byte first;
    }
}
