using Secateur.Models.Images;

namespace Secateur.Evaluation.Datasets;

/// <summary>Files of pictures that lie together, in a folder or an archive, in a fixed order. Safe to read from many threads at once.</summary>
internal interface IPictureFiles
{
    /// <summary>The folder or archive, as it was named.</summary>
    string Place { get; }

    /// <summary>For people: "the folder val".</summary>
    string Name { get; }

    /// <summary>The folder in which it lies; null where there is none.</summary>
    string? Parent { get; }

    /// <summary>How a list in another folder begins the paths of these pictures: "val/"; empty where that is not known.</summary>
    /// <param name="folder">The folder of the list.</param>
    string StartFrom(string folder);

    /// <summary>Paths of all pictures in it, in the order of <see cref="PicturePaths.Compare"/>; no two are the same.</summary>
    IReadOnlyList<string> Paths { get; }

    /// <summary>How large a picture's file is; 0 where that is not known.</summary>
    /// <param name="index">Of <see cref="Paths"/>.</param>
    long BytesOf(int index);

    /// <summary>Reads a picture.</summary>
    /// <param name="index">Of <see cref="Paths"/>.</param>
    /// <exception cref="ImageException">It cannot be read.</exception>
    RgbImage Load(int index);

    /// <summary>Opens a list of labels that lies in it, at the top.</summary>
    /// <param name="name">"labels.csv".</param>
    /// <returns>Null where there is none.</returns>
    Stream? OpenList(string name);
}
