namespace Secateur.Cli;

/// <summary>Where a path leads once every link on its way is followed.</summary>
internal static class RealPath
{
    /// <summary>Follows it.</summary>
    /// <param name="path">A path; what it names need not be there.</param>
    /// <returns>The full path without links.</returns>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path), at = Path.GetPathRoot(full)!;
        foreach (string part in full[at.Length..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries))
        {
            at = Path.Combine(at, part);
            FileSystemInfo there = Directory.Exists(at) ? new DirectoryInfo(at) : new FileInfo(at);
            if (there.LinkTarget is not null && there.ResolveLinkTarget(returnFinalTarget: true) is { } target)
                at = Of(target.FullName);
        }

        return at;
    }
}
