namespace Secateur.Benchmarks;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    /// <summary>The folder with Secateur.slnx, above the program or above the working folder.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory) ?? Find(Environment.CurrentDirectory)
        ?? throw new DirectoryNotFoundException("Run the benchmarks from a checkout: there is no Secateur.slnx above this folder.");

    static string? Find(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Secateur.slnx")))
                return folder;
        return null;
    }
}
