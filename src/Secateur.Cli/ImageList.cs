namespace Secateur.Cli;

/// <summary>The pictures that a command line names.</summary>
internal static class ImageList
{
    static readonly string[] Endings = [".jpg", ".jpeg", ".png"];

    /// <summary>Files stay as they are named; a folder becomes the pictures in it and below it, sorted by path.</summary>
    /// <param name="named">Files and folders.</param>
    /// <returns>Paths of files, in order.</returns>
    /// <exception cref="BadInputException">Something named is not there, or a folder holds no picture.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> named)
    {
        List<string> all = [];
        foreach (string path in named)
        {
            if (!Directory.Exists(path))
            {
                all.Add(path);
                continue;
            }

            int before = all.Count;
            all.AddRange(Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
                .Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal));
            if (all.Count == before)
                throw new BadInputException($"{path}: this folder holds no picture ({string.Join(", ", Endings)}).");
        }

        return all;
    }
}
