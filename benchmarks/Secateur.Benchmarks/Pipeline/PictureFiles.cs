using Secateur.Evaluation.Datasets;
using Secateur.Models.Images;

namespace Secateur.Benchmarks.Pipeline;

/// <summary>Files of pictures, over and over until there are enough.</summary>
/// <param name="name">As in tables.</param>
/// <param name="files">At least one.</param>
/// <param name="count">How many pictures there are to be.</param>
internal sealed class PictureFiles(string name, string[] files, int count) : IPictureSource
{
    public string Name => name;

    public int Count => count;

    public bool Labelled => false;

    public PictureEntry this[int index] => new($"{index}", PictureEntry.NoLabel);

    public RgbImage Load(int index) => ImageFile.Load(files[index % files.Length]);

    /// <summary>Photographs of this repository's tests, and those of a shared folder where it is there.</summary>
    /// <param name="count">How many pictures of each there are to be.</param>
    public static IEnumerable<PictureFiles> All(int count)
    {
        string fixtures = Path.Combine(Repository.Root, "tests", "Secateur.Tests", "Fixtures", "images");
        yield return new("331x247 JPEG", [Path.Combine(fixtures, "q92-420.jpg"), Path.Combine(fixtures, "q75-422.jpg")], count);
        string? named = Environment.GetEnvironmentVariable("SECATEUR_SHARED");
        string photographs = Path.Combine(string.IsNullOrEmpty(named) ? Path.Combine(Repository.Root, "..", "shared") : named, "real", "photographs");
        foreach ((string title, string folder) in ((string, string)[])[("224x224 JPEG (Imagenette)", Path.Combine(Repository.Root, "artifacts", "benchmarks", "imagenette")), ("photographs of all sizes", photographs)])
            if (Directory.Exists(folder))
                yield return new(title, Spread(Directory.GetFiles(folder, "*.JPEG", SearchOption.AllDirectories)), count);
    }

    /// <summary>Neighbours are alike: every part is to see all kinds.</summary>
    static string[] Spread(string[] files)
    {
        Array.Sort(files, StringComparer.Ordinal);
        new Random(1).Shuffle(files);
        return files;
    }
}
