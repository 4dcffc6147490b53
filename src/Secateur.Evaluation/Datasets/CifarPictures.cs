using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Secateur.Models.Images;

namespace Secateur.Evaluation.Datasets;

/// <summary>CIFAR-10 as its authors publish it in binary: records of a byte for the class and 32 x 32 pixels, first all red, then all green, then
/// all blue.</summary>
/// <remarks>Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009.</remarks>
internal sealed class CifarPictures : IPictureSource
{
    const int Side = 32, Pixels = Side * Side, RecordBytes = 1 + 3 * Pixels, MostRecords = 1 << 24;
    const string TestFile = "test_batch.bin", TrainingFiles = "data_batch_*.bin", NamesFile = "batches.meta.txt";

    static readonly ImmutableArray<string> Published = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    readonly string[] files;
    readonly List<(int File, int Record, int Label)> records = [];

    /// <summary>Lists the pictures.</summary>
    /// <param name="path">One of the files, or their folder: the test pictures then, or all others where those are not there.</param>
    /// <param name="matcher">Knows the network's classes; null to go without labels.</param>
    /// <param name="notice">Told which files are taken.</param>
    /// <exception cref="InvalidDataException">A file is not one of CIFAR-10, or its classes are not those of the network.</exception>
    internal CifarPictures(string path, ClassMatcher? matcher, Action<string>? notice)
    {
        files = Directory.Exists(path) ? FilesOf(path) : [path];
        if (Directory.Exists(path))
            notice?.Invoke($"{path}: the pictures of {string.Join(", ", files.Select(Path.GetFileName))} are taken; name one file for others.");
        foreach (string file in files)
            List(file);
        Labelled = matcher is not null;
        if (matcher is not null)
            Match(matcher, Names(path, Path.GetDirectoryName(Path.GetFullPath(files[0]))!), path, notice);
        Name = $"{Count} pictures of {string.Join(", ", files.Select(Path.GetFileName))}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count => records.Count;

    /// <inheritdoc/>
    public bool Labelled { get; }

    /// <inheritdoc/>
    public PictureEntry this[int index] => new(
        string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(files[records[index].File])}/{records[index].Record:00000}"),
        Labelled ? records[index].Label : PictureEntry.NoLabel);

    /// <summary>Whether a folder holds such files.</summary>
    internal static bool IsIn(string folder) => FilesOf(folder).Length > 0;

    /// <inheritdoc/>
    public RgbImage Load(int index)
    {
        (int file, int record, _) = records[index];
        byte[] bytes = new byte[3 * Pixels];
        try
        {
            using SafeFileHandle handle = File.OpenHandle(files[file]);
            if (TarIndex.ReadAt(handle, bytes, (long)record * RecordBytes + 1) < bytes.Length)
                throw new EndOfStreamException("the file became shorter since it was opened");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"{files[file]}: picture {record} cannot be read: {e.Message}", e);
        }

        var picture = new RgbImage(Side, Side);
        for (int i = 0; i < Pixels; i++)
            (picture.Pixels[3 * i], picture.Pixels[3 * i + 1], picture.Pixels[3 * i + 2]) = (bytes[i], bytes[Pixels + i], bytes[2 * Pixels + i]);
        return picture;
    }

    static string[] FilesOf(string folder) =>
        File.Exists(Path.Combine(folder, TestFile)) ? [Path.Combine(folder, TestFile)] : [.. Directory.EnumerateFiles(folder, TrainingFiles).Order(StringComparer.Ordinal)];

    void List(string file)
    {
        using SafeFileHandle handle = File.OpenHandle(file);
        long length = RandomAccess.GetLength(handle);
        if (length == 0 || length % RecordBytes != 0 || length / RecordBytes > MostRecords)
            throw new InvalidDataException($"{file} has {length} bytes; a file of CIFAR-10 in binary has a multiple of {RecordBytes}{(length > 0 && length % (RecordBytes + 1) == 0 ? ", and this seems to be CIFAR-100, which is not read" : "; is it cut off, or another file?")}");
        byte[] label = new byte[1];
        for (int record = 0; record < length / RecordBytes; record++)
        {
            if (TarIndex.ReadAt(handle, label, (long)record * RecordBytes) < 1)
                throw new EndOfStreamException($"{file} became shorter while it was read.");
            records.Add((Array.IndexOf(files, file), record, label[0]));
        }
    }

    static ImmutableArray<string> Names(string path, string folder)
    {
        string file = Path.Combine(folder, NamesFile);
        if (!File.Exists(file))
            return Published;
        if (new FileInfo(file).Length > 1 << 16)
            throw new InvalidDataException($"{file} is too large for the names of the classes of {path}.");
        return [.. File.ReadLines(file).Select(line => line.Trim()).TakeWhile(line => line.Length > 0)];
    }

    void Match(ClassMatcher matcher, ImmutableArray<string> names, string path, Action<string>? notice)
    {
        if (records.FindIndex(one => one.Label >= names.Length) is >= 0 and var wrong)
            throw new InvalidDataException($"{files[records[wrong].File]}, record {records[wrong].Record} is of class {records[wrong].Label}, and there are {names.Length}; it is another file, or damaged.");
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Length || matcher.OfFolders(names, path, notice) is not { } classes)
            throw new InvalidDataException($"{path}: the names of the classes in {NamesFile} are not {names.Length} different ones.");
        for (int i = 0; i < records.Count; i++)
            records[i] = records[i] with { Label = classes[names[records[i].Label]] };
    }
}
