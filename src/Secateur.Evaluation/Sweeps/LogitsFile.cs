using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Secateur.Models.Checkpoints;

namespace Secateur.Evaluation.Sweeps;

/// <summary>Raw answers on disk, written row by row in any order: a safetensors file with the tensor "logits" [pictures, classes], float32, as
/// long as it will be from the beginning. Rows that were never written are zeros.</summary>
public sealed class LogitsFile : IDisposable
{
    readonly SafeFileHandle file;
    readonly int classes;
    readonly long start;

    LogitsFile(SafeFileHandle file, int classes, long start) => (this.file, this.classes, this.start) = (file, classes, start);

    /// <summary>Opens a file, to read it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pictures">Rows.</param>
    /// <param name="classes">Columns.</param>
    /// <returns>The file.</returns>
    /// <exception cref="InvalidDataException">It has another shape.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LogitsFile Open(string path, int pictures, int classes) => Open(path, pictures, classes, FileAccess.Read);

    /// <summary>Opens a file to write rows, or makes one without any.</summary>
    /// <param name="path">The file; its folder is made if it is missing.</param>
    /// <param name="pictures">Rows.</param>
    /// <param name="classes">Columns.</param>
    /// <returns>The file.</returns>
    /// <exception cref="InvalidDataException">There is such a file, of another shape.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static LogitsFile OpenOrMake(string path, int pictures, int classes)
    {
        if (!File.Exists(path))
            AtomicFile.Write(path, stream =>
            {
                byte[] header = Header(pictures, classes);
                stream.Write(header);
                stream.SetLength(header.Length + ((long)pictures * classes * sizeof(float)));
            });
        return Open(path, pictures, classes, FileAccess.ReadWrite);
    }

    static LogitsFile Open(string path, int pictures, int classes, FileAccess access)
    {
        byte[] header = Header(pictures, classes), found = new byte[header.Length];
        SafeFileHandle file = File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite);
        try
        {
            if (RandomAccess.GetLength(file) != header.Length + ((long)pictures * classes * sizeof(float)) || RandomAccess.Read(file, found, 0) != found.Length || !found.AsSpan().SequenceEqual(header))
                throw new InvalidDataException($"{path} does not hold the answers of {classes} classes for {pictures} pictures; it is of another run, or damaged. Give another folder, or remove it.");
            return new(file, classes, header.Length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes a row.</summary>
    /// <param name="row">Which.</param>
    /// <param name="logits">[classes].</param>
    public void Write(int row, ReadOnlySpan<float> logits) => RandomAccess.Write(file, MemoryMarshal.AsBytes(logits), Place(row));

    /// <summary>Reads a row.</summary>
    /// <param name="row">Which.</param>
    /// <param name="logits">Receives [classes].</param>
    /// <exception cref="EndOfStreamException">The file was cut.</exception>
    public void Read(int row, Span<float> logits)
    {
        if (RandomAccess.Read(file, MemoryMarshal.AsBytes(logits), Place(row)) != logits.Length * sizeof(float))
            throw new EndOfStreamException("The file of the dense network's answers was cut while it was read.");
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    /// <summary>What stands before the rows.</summary>
    internal static byte[] Header(int pictures, int classes)
    {
        long bytes = (long)pictures * classes * sizeof(float);
        string json = string.Create(CultureInfo.InvariantCulture, $$$"""{"logits":{"dtype":"F32","shape":[{{{pictures}}},{{{classes}}}],"data_offsets":[0,{{{bytes}}}]}}""");
        byte[] text = Encoding.UTF8.GetBytes(json.PadRight((json.Length + 7) / 8 * 8));
        var header = new byte[sizeof(long) + text.Length];
        BinaryPrimitives.WriteInt64LittleEndian(header, text.Length);
        text.CopyTo(header, sizeof(long));
        return header;
    }

    long Place(int row) => start + ((long)row * classes * sizeof(float));
}
