using System.Runtime.InteropServices;

namespace Secateur.Onnx.Runtime;

/// <summary>Where a library of ONNX Runtime may be on this machine.</summary>
static class LibrarySearch
{
    /// <summary>Names the library, or a folder that holds it.</summary>
    internal const string Variable = "SECATEUR_ONNXRUNTIME";

    static readonly string Processor = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    static readonly (string NuGet, string Npm, string First, string Pattern) System =
        OperatingSystem.IsWindows() ? ("win", "win32", "onnxruntime.dll", "onnxruntime.dll")
        : OperatingSystem.IsMacOS() ? ("osx", "darwin", "libonnxruntime.dylib", "libonnxruntime.*.dylib")
        : ("linux", "linux", "libonnxruntime.so", "libonnxruntime.so.*");

    /// <summary>Files to try, of the program's own folder and of npm's packages around it and around the current folder; and what was looked at.</summary>
    /// <param name="looked">Receives the folders, in their order.</param>
    internal static IEnumerable<string> Installed(List<string> looked)
    {
        string application = AppContext.BaseDirectory;
        string[] own = [Path.Combine(application, "runtimes", $"{System.NuGet}-{Processor}", "native"), application];
        foreach (string folder in own.Concat(Packages(application)).Concat(Packages(Environment.CurrentDirectory)).Distinct())
        {
            looked.Add(folder);
            foreach (string file in In(folder))
                yield return file;
        }
    }

    /// <summary>Names by which the system may know it.</summary>
    internal static IEnumerable<string> OfSystem() => OperatingSystem.IsWindows() ? [System.First] : [System.First, OperatingSystem.IsMacOS() ? "libonnxruntime.1.dylib" : "libonnxruntime.so.1"];

    /// <summary>A library's name as the system's files have it.</summary>
    internal static string FileName(string library) => OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    /// <summary>The libraries in a folder, or in the folders of it where packages keep them.</summary>
    internal static IEnumerable<string> In(string folder)
    {
        foreach (string place in (string[])[folder, Path.Combine(folder, "lib"), Path.Combine(folder, "capi"), Path.Combine(folder, "runtimes", $"{System.NuGet}-{Processor}", "native")])
        {
            if (!Directory.Exists(place))
                continue;
            if (File.Exists(Path.Combine(place, System.First)))
                yield return Path.Combine(place, System.First);
            foreach (string file in Directory.EnumerateFiles(place, System.Pattern).Where(file => Path.GetFileName(file) != System.First).Order(StringComparer.Ordinal))
                yield return file;
        }
    }

    /// <summary>Folders of npm's onnxruntime-node from here upwards, and of the repository's benchmarks. A folder that everyone may write to
    /// is where looking ends: what lies there may be anyone's.</summary>
    static IEnumerable<string> Packages(string from)
    {
        for (DirectoryInfo? folder = new(from); folder is not null && !Anyones(folder); folder = folder.Parent)
            foreach (string modules in (string[])["node_modules", Path.Combine("benchmarks", "peers", "node_modules")])
            {
                string versions = Path.Combine(folder.FullName, modules, "onnxruntime-node", "bin");
                if (!Directory.Exists(versions))
                    continue;
                foreach (string version in Directory.EnumerateDirectories(versions, "napi-v*").OrderByDescending(name => name.Length).ThenByDescending(name => name, StringComparer.Ordinal))
                    yield return Path.Combine(version, System.Npm, Processor);
            }
    }

    static bool Anyones(DirectoryInfo folder) => !OperatingSystem.IsWindows() && (!folder.Exists || folder.UnixFileMode.HasFlag(UnixFileMode.OtherWrite));
}
