namespace Secateur.Evaluation.Datasets;

/// <summary>Opens the pictures that a path names, whatever it is: a folder, a tar archive, a list of pictures, CIFAR-10's binary files.</summary>
public static class PictureSources
{
    /// <summary>What stands for going without labels.</summary>
    public const string NoLabels = "none";

    /// <summary>Opens them; no picture is read yet.</summary>
    /// <param name="path">A folder or a file.</param>
    /// <param name="matcher">Knows the network's classes.</param>
    /// <param name="labels">A list of labels; <see cref="NoLabels"/> to go without; null for labels.csv where there is one, or class folders.</param>
    /// <param name="notice">Told what was understood that could have been meant otherwise, and what is left out.</param>
    /// <returns>The pictures.</returns>
    /// <exception cref="IOException">Something is not there.</exception>
    /// <exception cref="InvalidDataException">There are no pictures, or their labels cannot be those of the network.</exception>
    public static IPictureSource Open(string path, ClassMatcher matcher, string? labels = null, Action<string>? notice = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(matcher);
        return Labelled(new FolderFiles(path, notice), matcher, labels, notice);
    }

    static FilePictures Labelled(IPictureFiles files, ClassMatcher matcher, string? labels, Action<string>? notice)
    {
        var finder = new PictureLabels(files, matcher, notice);
        return new(files, labels switch { NoLabels => [], null => finder.Find(), _ => finder.ByList(labels) });
    }
}
