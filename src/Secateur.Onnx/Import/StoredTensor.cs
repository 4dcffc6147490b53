using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Secateur.Models.Checkpoints;
using Secateur.Onnx.Schema;
using DataType = Secateur.Onnx.Schema.TensorProto.Types.DataType;

namespace Secateur.Onnx.Import;

/// <summary>Numbers in an ONNX file, or in a file beside it. That its shape and its bytes fit together is checked when it is made; nothing is converted before it is asked for.</summary>
internal sealed class StoredTensor
{
    const int MostDimensions = 16;

    readonly string path;
    readonly TensorProto proto;
    readonly (string File, long Offset)? outside;

    /// <summary>Checks a tensor.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="proto">What it says.</param>
    /// <exception cref="CheckpointException">Shape, type and bytes do not fit together, or its file is none of this folder.</exception>
    public StoredTensor(string path, TensorProto proto)
    {
        (this.path, this.proto) = (path, proto);
        Type = (DataType)proto.DataType;
        if (Size == 0)
            throw Wrong($"is of type {proto.DataType}; expected floats of 16, 32 or 64 bits, whole numbers or booleans");
        long length = proto.Dims.Count > MostDimensions ? -1 : 1;
        foreach (long side in proto.Dims)
            length = length < 0 || side is < 0 or > int.MaxValue || length * side > int.MaxValue / Size ? -1 : length * side;
        if (length < 0)
            throw Wrong($"has the shape [{string.Join(", ", proto.Dims.Take(MostDimensions))}], which is negative or larger than anything that is read here");
        (Length, Shape) = ((int)length, [.. proto.Dims.Select(side => (int)side)]);
        outside = proto.DataLocation == TensorProto.Types.DataLocation.External ? Outside() : null;
        if (outside is null && (proto.HasRawData ? proto.RawData.Length != length * Size : Listed != length))
            throw Wrong($"has {(proto.HasRawData ? $"{proto.RawData.Length} bytes" : $"{Listed} numbers")}; its shape [{string.Join(", ", Shape)}] and its type {Type} say {length}{(proto.HasRawData ? $" times {Size}" : "")}");
    }

    /// <summary>How its numbers are kept.</summary>
    public DataType Type { get; }

    /// <summary>Its sides.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>How many numbers it holds.</summary>
    public int Length { get; }

    /// <summary>Whether it holds floats.</summary>
    public bool Floating => Type is DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double;

    int Size => Type switch
    {
        DataType.Uint8 or DataType.Int8 or DataType.Bool => 1,
        DataType.Float16 or DataType.Bfloat16 => 2,
        DataType.Float or DataType.Int32 => 4,
        DataType.Int64 or DataType.Double => 8,
        _ => 0,
    };

    int Listed => Type switch
    {
        DataType.Float => proto.FloatData.Count,
        DataType.Double => proto.DoubleData.Count,
        DataType.Int64 => proto.Int64Data.Count,
        _ => proto.Int32Data.Count,
    };

    /// <summary>Its numbers as float32.</summary>
    /// <param name="to">[<see cref="Length"/>].</param>
    /// <exception cref="CheckpointException">The file beside cannot be read.</exception>
    public void Read(Span<float> to)
    {
        if (Type != DataType.Float || !BitConverter.IsLittleEndian || (outside is null && !proto.HasRawData))
            Convert(to, number => (float)number, value => value);
        else if (outside is not null)
            ReadOutside(MemoryMarshal.AsBytes(to));
        else
            MemoryMarshal.Cast<byte, float>(proto.RawData.Span).CopyTo(to);
    }

    /// <summary>Its numbers.</summary>
    /// <exception cref="CheckpointException">The file beside cannot be read.</exception>
    public double[] Numbers()
    {
        var numbers = new double[Length];
        Convert<double>(numbers, number => number, value => value);
        return numbers;
    }

    void Convert<T>(Span<T> to, Func<double, T> wide, Func<float, T> narrow)
    {
        if (outside is null && !proto.HasRawData)
        {
            for (int i = 0; i < to.Length; i++)
                to[i] = Type switch
                {
                    DataType.Float => narrow(proto.FloatData[i]),
                    DataType.Double => wide(proto.DoubleData[i]),
                    DataType.Int64 => wide(proto.Int64Data[i]),
                    DataType.Float16 => narrow((float)BitConverter.UInt16BitsToHalf((ushort)proto.Int32Data[i])),
                    DataType.Bfloat16 => narrow(BitConverter.Int32BitsToSingle(proto.Int32Data[i] << 16)),
                    _ => wide(proto.Int32Data[i]),
                };
            return;
        }

        ReadOnlySpan<byte> bytes = proto.RawData.Span;
        if (outside is not null)
        {
            byte[] read = new byte[Length * (long)Size];
            ReadOutside(read);
            bytes = read;
        }

        for (int i = 0; i < to.Length; i++)
        {
            ReadOnlySpan<byte> from = bytes[(i * Size)..];
            to[i] = Type switch
            {
                DataType.Float => narrow(BinaryPrimitives.ReadSingleLittleEndian(from)),
                DataType.Double => wide(BinaryPrimitives.ReadDoubleLittleEndian(from)),
                DataType.Int64 => wide(BinaryPrimitives.ReadInt64LittleEndian(from)),
                DataType.Int32 => wide(BinaryPrimitives.ReadInt32LittleEndian(from)),
                DataType.Float16 => narrow((float)BinaryPrimitives.ReadHalfLittleEndian(from)),
                DataType.Bfloat16 => narrow(BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(from) << 16)),
                DataType.Int8 => wide((sbyte)from[0]),
                _ => wide(from[0]),
            };
        }
    }

    (string File, long Offset) Outside()
    {
        string? location = null;
        long offset = 0, length = (long)Length * Size, given = length;
        foreach (StringStringEntryProto pair in proto.ExternalData)
            switch (pair.Key)
            {
                case "location":
                    location = pair.Value;
                    break;
                case "offset":
                    offset = Whole(pair);
                    break;
                case "length":
                    given = Whole(pair);
                    break;
            }

        if (location is null or "" or "." or ".." || location.Any(letter => letter is '/' or '\\' or ':' || char.IsControl(letter)))
            throw Wrong($"lies in '{location}'; expected the plain name of a file beside {Path.GetFileName(path)}");
        string file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, location);
        if (!File.Exists(file))
            throw Wrong($"lies in {file}, and there is no such file; it belongs to the ONNX file and must lie beside it");
        long all = new FileInfo(new FileInfo(file).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file).Length;
        return given == length && offset >= 0 && offset <= all - length
            ? (file, offset)
            : throw Wrong($"lies in {file}, {given} bytes from byte {offset}; the file has {all} bytes, and its shape [{string.Join(", ", Shape)}] says {length}");
    }

    long Whole(StringStringEntryProto pair) =>
        long.TryParse(pair.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : throw Wrong($"has '{pair.Value}' for {pair.Key}; expected a whole number");

    void ReadOutside(Span<byte> bytes)
    {
        try
        {
            using var handle = File.OpenHandle(outside!.Value.File);
            for (int read = 0; read < bytes.Length;)
            {
                int count = RandomAccess.Read(handle, bytes[read..], outside.Value.Offset + read);
                read += count > 0 ? count : throw Wrong("lies in a file that ends while it is read; something is writing to it");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{outside!.Value.File}: it cannot be read ({exception.Message})", exception);
        }
    }

    CheckpointException Wrong(string what) => new($"{path}: the tensor '{(proto.Name.Length > 100 ? proto.Name[..100] : proto.Name)}' {what}.");
}
