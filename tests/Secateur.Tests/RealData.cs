using Secateur.Tests.Architecture;

namespace Secateur.Tests;

/// <summary>A real network and photographs that may lie in a folder <c>shared</c> beside the checkout (or where SECATEUR_SHARED says);
/// tests that need them skip with a reason where they are absent.</summary>
internal static class RealData
{
    /// <summary>The path of a file or folder that is there.</summary>
    /// <param name="relative">Below <c>shared/real</c>, with forward slashes: "deit_tiny_patch16_224".</param>
    /// <exception cref="SkipException">It is not there.</exception>
    public static string Path(string relative)
    {
        string? named = Environment.GetEnvironmentVariable("SECATEUR_SHARED");
        string shared = string.IsNullOrEmpty(named) ? System.IO.Path.Combine(Repository.Root, "..", "shared") : named;
        string path = System.IO.Path.GetFullPath(System.IO.Path.Combine(shared, "real", relative));
        Skip.IfNot(System.IO.Path.Exists(path), $"{path} is not there; real networks and photographs are not part of the repository (SECATEUR_SHARED names their folder).");
        return path;
    }
}
