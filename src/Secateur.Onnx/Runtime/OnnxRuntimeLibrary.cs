using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Secateur.Onnx.Runtime;

/// <summary>ONNX Runtime as this machine has it: its native library, loaded once and kept for as long as the process lives. Safe to use from many
/// threads. docs/onnx.md tells where it is looked for.</summary>
public sealed class OnnxRuntimeLibrary
{
    const string HowToGetIt = "Get it with `npm install onnxruntime-node`, from NuGet's package Microsoft.ML.OnnxRuntime or from PyPI's onnxruntime (1.12 or later), and name its file or folder with " + LibrarySearch.Variable + ".";

    static readonly Lock Gate = new();
    static readonly Dictionary<string, OnnxRuntimeLibrary> Loaded = new(StringComparer.Ordinal);

    OnnxRuntimeLibrary(string path, string version, RuntimeApi api)
    {
        (Path, Version, Api) = (path, version, api);
        RuntimeProviders = Providing(api);
        Providers = [.. OnnxProvider.All.Where(provider => RuntimeProviders.Contains(provider.RuntimeName) && Lacking(provider) is null)];
    }

    /// <summary>Its file; the name that the system knows it by, where the system does not tell the file.</summary>
    public string Path { get; }

    /// <summary>"1.30.0".</summary>
    public string Version { get; }

    /// <summary>What this build computes on, of what is known here and has its own library beside the runtime's.</summary>
    public ImmutableArray<OnnxProvider> Providers { get; }

    /// <summary>What the runtime was built for, in its own words.</summary>
    public ImmutableArray<string> RuntimeProviders { get; }

    internal RuntimeApi Api { get; }

    /// <summary>Finds and loads the library: the path given, what SECATEUR_ONNXRUNTIME names, the program's own folder
    /// (runtimes/linux-x64/native), npm's onnxruntime-node from the program's and the current folder upwards, the system.</summary>
    /// <param name="path">Its file, or a folder that holds it; null to look for it.</param>
    /// <returns>The library.</returns>
    /// <exception cref="OnnxRuntimeException">There is none, what is named is none, or it is older than 1.12.</exception>
    public static OnnxRuntimeLibrary Find(string? path = null)
    {
        lock (Gate)
        {
            if (path is not null)
                return Named(path, path);
            if (Environment.GetEnvironmentVariable(LibrarySearch.Variable) is { Length: > 0 } named)
                return Named(named, $"{LibrarySearch.Variable}={named}");
            List<string> looked = [], refused = [];
            foreach (string file in LibrarySearch.Installed(looked).Concat(LibrarySearch.OfSystem()))
                if (Load(file, refused) is { } found)
                    return found;
            string why = refused.Count == 0 ? "" : $" Not usable: {string.Join("; ", refused)}.";
            throw new OnnxRuntimeException($"ONNX Runtime was not found: not in {string.Join(", ", looked)}, nor in the system's libraries.{why} {HowToGetIt}");
        }
    }

    /// <summary>A provider that this build has.</summary>
    /// <param name="provider">The provider.</param>
    /// <exception cref="OnnxRuntimeException">It lacks it; the message names those it has.</exception>
    public void Require(OnnxProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        if (Providers.Contains(provider))
            return;
        string built = RuntimeProviders.Contains(provider.RuntimeName) && Lacking(provider) is { } file ? $" (it was built for it, but {file} is not beside it)" : "";
        throw new OnnxRuntimeException($"This build of ONNX Runtime ({Version}, {Path}) has no provider '{provider.Name}'{built}; it has {string.Join(", ", Providers.Select(one => one.Name))}. {provider.Advice}".TrimEnd());
    }

    /// <summary>The library of a provider that is not where the runtime looks for it; null where nothing is missing, or where the system does not tell.</summary>
    string? Lacking(OnnxProvider provider)
    {
        string file = LibrarySearch.FileName(provider.Library);
        return provider.Library.Length == 0 || !System.IO.Path.IsPathFullyQualified(Path) || File.Exists(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, file)) ? null : file;
    }

    static OnnxRuntimeLibrary Named(string path, string said)
    {
        string full = System.IO.Path.GetFullPath(path);
        string[] files = Directory.Exists(full) ? [.. LibrarySearch.In(full)] : File.Exists(full) ? [full] : throw new OnnxRuntimeException($"{said}: there is no such file or folder. {HowToGetIt}");
        List<string> refused = [];
        foreach (string file in files)
            if (Load(file, refused) is { } found)
                return found;
        throw new OnnxRuntimeException($"{said} {(refused.Count == 0 ? "holds no library of ONNX Runtime" : $"is not usable: {string.Join("; ", refused)}")}. {HowToGetIt}");
    }

    static OnnxRuntimeLibrary? Load(string file, List<string> refused)
    {
        if (Loaded.TryGetValue(file, out OnnxRuntimeLibrary? known))
            return known;
        bool ofSystem = !System.IO.Path.IsPathFullyQualified(file);
        nint handle;
        try
        {
            handle = NativeLibrary.Load(file);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            if (!ofSystem)
                refused.Add($"{file} is not a library that this process can load");
            return null;
        }

        if (RuntimeApi.Of(handle, out string version) is { } api)
            return Loaded[file] = new(ofSystem ? FileOf(file) : file, version, api);
        refused.Add(version.Length == 0 ? $"{file} is not ONNX Runtime" : $"{file} is ONNX Runtime {version}, and 1.12 is the oldest that will do");
        NativeLibrary.Free(handle);
        return null;
    }

    /// <summary>Linux lists the files that a process has loaded.</summary>
    static string FileOf(string name)
    {
        const string maps = "/proc/self/maps";
        return File.Exists(maps) && File.ReadLines(maps).FirstOrDefault(line => line.Contains($"/{name}", StringComparison.Ordinal)) is { } line ? line[line.IndexOf('/')..] : name;
    }

    static unsafe ImmutableArray<string> Providing(RuntimeApi api)
    {
        nint* names;
        int count;
        api.Call(RuntimeEntry.GetAvailableProviders, (nint)(&names), (nint)(&count));
        var providers = ImmutableArray.CreateBuilder<string>(count);
        for (int i = 0; i < count; i++)
            providers.Add(Marshal.PtrToStringUTF8(names[i]) ?? "");
        api.Call(RuntimeEntry.ReleaseAvailableProviders, (nint)names, count);
        return providers.ToImmutable();
    }
}
