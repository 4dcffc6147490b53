using Microsoft.Win32.SafeHandles;
using Secateur.Models.Images;

namespace Secateur.Evaluation.Datasets;

/// <summary>The JPEG and PNG files in a tar archive, read where they lie; the same, in the same order, as in the folder that it is extracted to.</summary>
internal sealed class TarFiles : IPictureFiles
{
    readonly Dictionary<string, TarMember> members = new(StringComparer.Ordinal);
    readonly string[] paths;

    /// <summary>Lists the pictures by the archive's headers; none is read yet.</summary>
    /// <param name="archive">The file.</param>
    /// <param name="notice">Told of pictures that are left out.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is damaged, holds no picture, or one that cannot be read in place or would leave its folder.</exception>
    internal TarFiles(string archive, Action<string>? notice)
    {
        Place = archive;
        using SafeFileHandle file = File.OpenHandle(archive);
        foreach (TarMember member in TarIndex.Read(file, archive))
        {
            bool leaves = member.Path.StartsWith('/') || member.Path.Split('/').Contains("..");
            string path = string.Join('/', member.Path.Split('/').Where(part => part is not ("" or ".")));
            if (path != LabelList.FileName && !PicturePaths.IsPicture(path) && !PicturePaths.IsOtherPicture(path))
                continue;
            string? wrong = leaves ? "whose path leaves the folder that it would be extracted to"
                : !member.Plain ? "that is a link or has holes"
                : path.Contains('\uFFFD') ? "whose name is not UTF-8" : null;
            if (wrong is not null)
                throw new InvalidDataException($"{archive} holds {member.Path}, {wrong}; such archives are not read in place. Extract it, look at it, and give the folder.");

            // Of two that have one name, the later is what would be extracted.
            members[path] = member;
        }

        paths = PictureNames.Of(members.Keys, archive, notice);
    }

    /// <inheritdoc/>
    public string Place { get; }

    /// <inheritdoc/>
    public string Name => Path.GetFileName(Place);

    /// <inheritdoc/>
    public string? Parent => Path.GetDirectoryName(Path.GetFullPath(Place));

    /// <inheritdoc/>
    public IReadOnlyList<string> Paths => paths;

    /// <inheritdoc/>
    public string StartFrom(string folder) => "";

    /// <inheritdoc/>
    public long BytesOf(int index) => members[paths[index]].Size;

    /// <inheritdoc/>
    public RgbImage Load(int index)
    {
        string name = $"{Place}: {paths[index]}";
        TarMember member = members[paths[index]];
        if (member.Size > ImageFile.MaximumBytes)
            throw new ImageException($"{name}: the file has {member.Size} bytes; pictures are read up to {ImageFile.MaximumBytes}.");
        try
        {
            return ImageFile.Decode(Bytes(member), name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"{name}: the picture cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public Stream? OpenList(string name) =>
        !members.TryGetValue(name, out TarMember member) ? null
        : member.Size <= LabelList.MostBytes ? new MemoryStream(Bytes(member))
        : throw LabelList.TooLarge($"{Place}: {name}");

    /// <summary>Opens the archive again each time, so that nothing is shared between threads and nothing stays open.</summary>
    byte[] Bytes(TarMember member)
    {
        using SafeFileHandle file = File.OpenHandle(Place);
        byte[] bytes = new byte[member.Size];
        return TarIndex.ReadAt(file, bytes, member.Offset) == bytes.Length ? bytes : throw new EndOfStreamException("the archive became shorter since it was opened");
    }
}
