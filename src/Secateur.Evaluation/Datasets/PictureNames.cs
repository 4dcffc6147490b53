namespace Secateur.Evaluation.Datasets;

/// <summary>Picks the pictures from the names of all files that lie together.</summary>
internal static class PictureNames
{
    /// <summary>Picks and sorts them.</summary>
    /// <param name="all">Paths of all files.</param>
    /// <param name="place">The folder or archive, for errors.</param>
    /// <param name="notice">Told of pictures that are left out.</param>
    /// <returns>In the order of <see cref="PicturePaths.Compare"/>.</returns>
    /// <exception cref="InvalidDataException">There is none, or one has a name that cannot stand in a list.</exception>
    internal static string[] Of(IReadOnlyCollection<string> all, string place, Action<string>? notice)
    {
        string[] pictures = [.. all.Where(PicturePaths.IsPicture)];
        if (pictures.Length == 0)
            throw new InvalidDataException($"{place} holds no picture ({string.Join(", ", PicturePaths.Endings)}).");
        if (Array.Find(pictures, path => path.Any(char.IsControl)) is { } steering)
            throw new InvalidDataException($"{place} holds a picture whose name has control characters, '{steering}'; rename it.");
        if (all.Count(PicturePaths.IsOtherPicture) is > 0 and var others)
            notice?.Invoke($"{place}: {others} pictures of other kinds, {all.First(PicturePaths.IsOtherPicture)} for one, are left out; JPEG and PNG are read.");
        Array.Sort(pictures, PicturePaths.Compare);
        return pictures;
    }
}
