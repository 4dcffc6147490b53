using Secateur.Evaluation.Pictures;
using Secateur.Models.Images;

namespace Secateur.Cli.Commands;

/// <summary>Pictures of survivors as PNG: one file with all of them, or a folder with a file each.</summary>
internal sealed class SurvivorFiles
{
    const long MostPixels = 64_000_000;

    readonly string place;
    readonly bool isFolder;
    readonly int columns;
    readonly IReadOnlyList<ShownPicture> pictures;
    readonly HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
    readonly List<RgbImage> strips = [];

    /// <summary>Nothing is written yet.</summary>
    /// <param name="place">A .png file, or a folder: one that exists, or a path that ends in a separator.</param>
    /// <param name="pictures">What will be shown.</param>
    /// <param name="columns">Panels in a line.</param>
    /// <param name="panels">Panels of a picture.</param>
    /// <param name="size">Height and width of the network's pictures.</param>
    /// <exception cref="UsageException">It is no .png file, it would replace one of the pictures, or one file would be too large.</exception>
    public SurvivorFiles(string place, IReadOnlyList<ShownPicture> pictures, int columns, int panels, (int Height, int Width) size)
    {
        (this.place, this.columns, this.pictures) = (place, columns, pictures);
        isFolder = Directory.Exists(place) || Path.EndsInDirectorySeparator(place);
        if (isFolder)
            return;
        if (!place.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"--output {place}: a picture's file ends in .png; for a file each, name a folder, with / at its end: {place}/");
        Refuse(place);
        RgbImage one = SurvivorView.Enlarge(new(size.Width, size.Height));
        long width = Math.Min(columns, panels) * (one.Width + SurvivorView.Gap), height = (panels + columns - 1) / columns * (one.Height + SurvivorView.Gap);
        if (width * height * pictures.Count > MostPixels)
            throw new UsageException($"{pictures.Count} pictures of {width} x {height} pixels are too many for one file; write a file each with --output {Path.ChangeExtension(place, null)}/");
    }

    /// <summary>Takes a picture; in a folder it is written now.</summary>
    /// <param name="picture">What is shown.</param>
    /// <param name="panels">The picture, then one panel a stage.</param>
    public void Add(ShownPicture picture, IReadOnlyList<RgbImage> panels)
    {
        RgbImage strip = PictureStrip.Wrap(panels, columns, SurvivorView.Gap);
        if (!isFolder)
        {
            strips.Add(strip);
            return;
        }

        string name = Path.GetFileNameWithoutExtension(picture.File ?? picture.Name), file = name;
        for (int again = 2; !taken.Add(file); again++)
            file = $"{name}-{again}";
        string path = Path.Combine(place, file + ".survivors.png");
        Refuse(path);
        Directory.CreateDirectory(place);
        PngWriter.Save(strip, path);
    }

    /// <summary>Writes what is not written yet.</summary>
    /// <returns>The file or the folder; nothing where no picture could be shown.</returns>
    public IEnumerable<string> Finish()
    {
        if (strips.Count == 0 && taken.Count == 0)
            return [];
        if (!isFolder)
            PngWriter.Save(PictureStrip.Stack(strips, 2 * SurvivorView.Gap), place);
        return [place];
    }

    void Refuse(string path)
    {
        string full = Path.GetFullPath(path);
        if (pictures.Any(picture => picture.File is { } file && Path.GetFullPath(file) == full))
            throw new UsageException($"{path} is one of the pictures and would be replaced; name another --output.");
    }
}
