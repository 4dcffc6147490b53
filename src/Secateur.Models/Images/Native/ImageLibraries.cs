using System.Reflection;
using System.Runtime.InteropServices;

namespace Secateur.Models.Images.Native;

/// <summary>Finds the two native libraries that decode pictures, at their first use.</summary>
static class ImageLibraries
{
    internal const string TurboJpeg = "turbojpeg";
    internal const string Spng = "spng";

    static readonly Lock Gate = new();
    static readonly Dictionary<string, nint> Loaded = [];
    static bool resolving;

    /// <summary>Loads a library, so that a call into it can only find it.</summary>
    /// <param name="library"><see cref="TurboJpeg"/> or <see cref="Spng"/>.</param>
    /// <param name="name">The picture that needs it, for the error.</param>
    /// <exception cref="ImageException">It is not installed.</exception>
    internal static void Require(string library, string name)
    {
        if (!TryLoad(library, out _))
            throw new ImageException($"{name}: reading {(library == TurboJpeg ? "JPEG needs libjpeg-turbo's TurboJPEG library" : "PNG needs the libspng library")}, which is not installed. {HowToInstall(library)}");
    }

    /// <summary>Loads a library where it is installed.</summary>
    /// <param name="library"><see cref="TurboJpeg"/> or <see cref="Spng"/>.</param>
    /// <param name="handle">The library.</param>
    internal static bool TryLoad(string library, out nint handle)
    {
        lock (Gate)
        {
            if (!resolving)
            {
                NativeLibrary.SetDllImportResolver(typeof(ImageLibraries).Assembly, Resolve);
                resolving = true;
            }

            if (Loaded.TryGetValue(library, out handle))
                return true;
            foreach (string candidate in Candidates(library))
                if (NativeLibrary.TryLoad(candidate, typeof(ImageLibraries).Assembly, null, out handle))
                {
                    Loaded[library] = handle;
                    return true;
                }

            return false;
        }
    }

    /// <summary>One sentence or two.</summary>
    internal static string HowToInstall(string library) => library == TurboJpeg ? Install("libturbojpeg0", "jpeg-turbo") : Install("libspng0", "libspng");

    static string Install(string debian, string homebrew) =>
        $"Install it: `apt-get install {debian}` (Debian, Ubuntu) or `brew install {homebrew}` (macOS); on Windows put its DLL beside the program.";

    static string[] Candidates(string library) => library == TurboJpeg
        ? ["libturbojpeg.so.0", "libturbojpeg.so", "libturbojpeg.dylib", "libturbojpeg.0.dylib", "/opt/homebrew/lib/libturbojpeg.dylib", "turbojpeg.dll"]
        : ["libspng.so.0", "libspng.so", "libspng.dylib", "libspng.0.dylib", "/opt/homebrew/lib/libspng.dylib", "spng.dll"];

    static nint Resolve(string library, Assembly assembly, DllImportSearchPath? search)
    {
        lock (Gate)
            return Loaded.GetValueOrDefault(library);
    }
}
