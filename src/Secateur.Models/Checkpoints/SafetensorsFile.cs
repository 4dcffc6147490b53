using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Secateur.Models.Checkpoints;

/// <summary>A safetensors file, open for reading: 8 bytes with the length of a JSON header, the header, then the numbers of all tensors.
/// Only the header is held in memory. Safe to read from many threads at once.</summary>
/// <remarks>Format: https://github.com/huggingface/safetensors#format</remarks>
public sealed class SafetensorsFile : ITensorSource, IDisposable
{
    const int ChunkLength = 1 << 16;

    readonly SafeFileHandle handle;
    readonly SafetensorsHeader header;
    readonly long dataStart;

    SafetensorsFile(string path, SafeFileHandle handle)
    {
        Path = path;
        this.handle = handle;
        long fileLength = RandomAccess.GetLength(handle);
        if (fileLength < 8)
            throw new CheckpointException($"{path}: the file has {fileLength} bytes, too few for a safetensors file; get it again.");
        Span<byte> prefix = stackalloc byte[8];
        ReadBytes(prefix, 0);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > (ulong)(fileLength - 8) || headerLength > SafetensorsHeader.MaximumLength)
            throw new CheckpointException($"{path}: the header claims {headerLength} bytes; expected at most {Math.Min(fileLength - 8, SafetensorsHeader.MaximumLength)}. The file is cut off or no safetensors file; get it again.");
        var json = new byte[headerLength];
        ReadBytes(json, 8);
        dataStart = 8 + json.Length;
        header = new(path, json, fileLength - dataStart);
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors => header.Tensors;

    /// <summary>Free text that came with the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <summary>Opens a file and checks its header whole.</summary>
    /// <param name="path">A safetensors file.</param>
    /// <returns>The open file; dispose it after the last read.</returns>
    /// <exception cref="CheckpointException">It cannot be opened, or its header is not believable.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: cannot be opened ({exception.Message})", exception);
        }

        try
        {
            return new(path, handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Read(string name, Span<float> destination)
    {
        TensorInfo info = Find(name, destination.Length);
        if (!info.Type.IsFloating())
            throw new CheckpointException($"{Path}: the weight '{name}' is of type {info.Type.Name()}; expected F32, F16, BF16 or F64.");
        long place = dataStart + header.Begin(name);
        if (info.Type == TensorType.F32)
        {
            for (Span<float> rest = destination; !rest.IsEmpty;)
            {
                Span<byte> part = MemoryMarshal.AsBytes(rest[..Math.Min(rest.Length, 1 << 22)]);
                ReadBytes(part, place);
                place += part.Length;
                rest = rest[(part.Length / sizeof(float))..];
            }

            return;
        }

        int size = info.Type.Size();
        var chunk = new byte[Math.Min(ChunkLength, (long)info.Length * size)];
        for (Span<float> rest = destination; !rest.IsEmpty;)
        {
            int count = Math.Min(rest.Length, chunk.Length / size);
            Span<byte> part = chunk.AsSpan(0, count * size);
            ReadBytes(part, place);
            Widen(info.Type, part, rest[..count]);
            place += part.Length;
            rest = rest[count..];
        }
    }

    /// <summary>Reads a tensor of booleans or of an integer type.</summary>
    /// <param name="name">One of <see cref="Tensors"/>.</param>
    /// <param name="destination">[length of the tensor].</param>
    /// <exception cref="CheckpointException">There is no such tensor, it has another length, it is of a floating type, or a number is too large.</exception>
    public void ReadInt64(string name, Span<long> destination)
    {
        TensorInfo info = Find(name, destination.Length);
        if (info.Type.IsFloating())
            throw new CheckpointException($"{Path}: the weight '{name}' is of type {info.Type.Name()}; expected an integer type.");
        int size = info.Type.Size();
        long place = dataStart + header.Begin(name);
        var chunk = new byte[Math.Min(ChunkLength, (long)info.Length * size)];
        for (Span<long> rest = destination; !rest.IsEmpty;)
        {
            int count = Math.Min(rest.Length, chunk.Length / size);
            Span<byte> part = chunk.AsSpan(0, count * size);
            ReadBytes(part, place);
            for (int i = 0; i < count; i++)
                rest[i] = Integer(info, part[(i * size)..]);
            place += part.Length;
            rest = rest[count..];
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => handle.Dispose();

    static void Widen(TensorType type, ReadOnlySpan<byte> from, Span<float> to)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = type switch
            {
                TensorType.F16 => (float)BinaryPrimitives.ReadHalfLittleEndian(from[(2 * i)..]),
                TensorType.BF16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(from[(2 * i)..]) << 16),
                _ => (float)BinaryPrimitives.ReadDoubleLittleEndian(from[(8 * i)..]),
            };
        }
    }

    long Integer(TensorInfo info, ReadOnlySpan<byte> from) => info.Type switch
    {
        TensorType.Bool or TensorType.U8 => from[0],
        TensorType.I8 => (sbyte)from[0],
        TensorType.I16 => BinaryPrimitives.ReadInt16LittleEndian(from),
        TensorType.U16 => BinaryPrimitives.ReadUInt16LittleEndian(from),
        TensorType.I32 => BinaryPrimitives.ReadInt32LittleEndian(from),
        TensorType.U32 => BinaryPrimitives.ReadUInt32LittleEndian(from),
        TensorType.U64 when from[7] > 127 => throw new CheckpointException($"{Path}: the weight '{info.Name}' holds a number above {long.MaxValue}."),
        _ => BinaryPrimitives.ReadInt64LittleEndian(from),
    };

    TensorInfo Find(string name, int length)
    {
        if (!Tensors.TryGetValue(name, out TensorInfo? info))
            throw new CheckpointException($"{Path}: there is no weight '{name}'.");
        return info.Length == length
            ? info
            : throw new CheckpointException($"{Path}: the weight '{name}' has shape {TensorTypes.Describe(info.Shape)}, {info.Length} numbers; expected {length}.");
    }

    void ReadBytes(Span<byte> destination, long place)
    {
        while (!destination.IsEmpty)
        {
            int count = RandomAccess.Read(handle, destination, place);
            if (count == 0)
                throw new CheckpointException($"{Path}: the file ends at byte {place} while it is read; something is writing to it.");
            destination = destination[count..];
            place += count;
        }
    }
}
