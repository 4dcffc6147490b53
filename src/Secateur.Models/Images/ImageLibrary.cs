using System.Runtime.InteropServices;
using Secateur.Models.Images.Native;

namespace Secateur.Models.Images;

/// <summary>One of the two native libraries that decode pictures, as this machine has it.</summary>
/// <param name="Name">"libjpeg-turbo" or "libspng".</param>
/// <param name="Version">What it says of itself; null where it is not there.</param>
/// <param name="Path">The file; null where it is not there or the system does not tell.</param>
/// <param name="Install">How to get it.</param>
public sealed record ImageLibrary(string Name, string? Version, string? Path, string Install)
{
    const string Maps = "/proc/self/maps";

    /// <summary>Whether it is there.</summary>
    public bool IsThere => Version is not null;

    /// <summary>Looks for libjpeg-turbo, which decodes JPEG.</summary>
    /// <returns>What was found.</returns>
    public static ImageLibrary Jpeg() => Find("libjpeg-turbo", ImageLibraries.TurboJpeg, handle =>
        NativeLibrary.TryGetExport(handle, "tj3Init", out _) ? "TurboJPEG API 3" : "TurboJPEG API 2");

    /// <summary>Looks for libspng, which decodes PNG.</summary>
    /// <returns>What was found.</returns>
    public static ImageLibrary Png() => Find("libspng", ImageLibraries.Spng, _ => Spng.Version);

    static ImageLibrary Find(string name, string library, Func<nint, string> version)
    {
        string install = ImageLibraries.HowToInstall(library);
        return ImageLibraries.TryLoad(library, out nint handle) ? new(name, version(handle), FileOf(library), install) : new(name, null, null, install);
    }

    /// <summary>Linux lists the files that a process has loaded, with their real names.</summary>
    static string? FileOf(string library) =>
        File.Exists(Maps) && File.ReadLines(Maps).FirstOrDefault(line => line.Contains($"/lib{library}.", StringComparison.Ordinal)) is { } line ? line[line.IndexOf('/')..] : null;
}
