using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Secateur.Evaluation.Datasets;

/// <summary>A file inside an archive.</summary>
/// <param name="Path">As the archive has it.</param>
/// <param name="Offset">Where its bytes begin in the archive.</param>
/// <param name="Size">How many bytes it has.</param>
/// <param name="Plain">Whether these bytes are the file: false for links and files with holes.</param>
internal readonly record struct TarMember(string Path, long Offset, long Size, bool Plain);

/// <summary>Finds the files of a tar archive by its headers, without reading what lies between them: ustar and pax (POSIX.1-2017, pax), and
/// GNU tar's long names and large sizes.</summary>
internal static class TarIndex
{
    internal const int BlockSize = 512;
    const int MostHeaderBytes = 1 << 20;

    /// <summary>Whether a file may begin so.</summary>
    internal static bool IsHeader(ReadOnlySpan<byte> block) => block.Length == BlockSize && Number(block.Slice(148, 8)) == Checksum(block);

    /// <summary>Lists the files, in the order of the archive.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="InvalidDataException">It is no such archive, or damaged or cut off.</exception>
    internal static IEnumerable<TarMember> Read(SafeFileHandle file, string name)
    {
        long length = RandomAccess.GetLength(file), at = 0;
        byte[] block = new byte[BlockSize];
        var extended = new Extension();
        while (at < length)
        {
            if (ReadAt(file, block, at) < BlockSize)
                throw Cut();
            if (!block.AsSpan().ContainsAnyExcept((byte)0))
                yield break;
            if (!IsHeader(block))
                throw new InvalidDataException($"{name} has no header of a tar archive at byte {at}; it is damaged or no such archive.");
            char type = (char)block[156];
            long size = (type is 'x' or 'g' or 'L' or 'K' ? null : extended.Size) ?? Number(block.AsSpan(124, 12)) ?? throw new InvalidDataException($"{name} has a file at byte {at} whose size is no number that a file can have; the archive is damaged.");
            long data = at + BlockSize;

            // Links, devices and folders have no bytes, whatever their size says.
            if (type is >= '1' and <= '6')
                size = 0;
            if (size > length - data)
                throw Cut();
            switch (type)
            {
                case 'x' or 'g' or 'L':
                    byte[] text = size <= MostHeaderBytes ? new byte[size] : throw new InvalidDataException($"{name} has a header of {size} bytes at byte {at}; at most {MostHeaderBytes} are read.");
                    if (ReadAt(file, text, data) < size)
                        throw Cut();
                    if (!(type == 'L' ? extended.ReadLongName(text) : extended.ReadRecords(text, forAll: type == 'g')))
                        throw new InvalidDataException($"{name} has an extended header at byte {at} that is damaged, or gives one name or size to all files.");
                    break;
                case 'K' or 'V':
                    break;
                case 'S' or 'M':
                    throw new InvalidDataException($"{name} has a file with holes or a part of one at byte {at}; extract it and make it again: tar --format=pax -cf.");
                default:
                    if (type is not '5')
                        yield return new(extended.Path ?? PathOf(block), data, size, Plain: type is not ('1' or '2') && !extended.Sparse);
                    extended = new();
                    break;
            }

            at = data + (size + BlockSize - 1) / BlockSize * BlockSize;
        }

        InvalidDataException Cut() => new($"{name} is cut off: it has {length} bytes, and its header at byte {at} says that there are more. Fetch or make it again.");
    }

    /// <summary>Reads as much as there is.</summary>
    /// <returns>How many bytes were read.</returns>
    internal static int ReadAt(SafeFileHandle file, Span<byte> to, long offset)
    {
        int done = 0;
        while (done < to.Length && RandomAccess.Read(file, to[done..], offset + done) is > 0 and var read)
            done += read;
        return done;
    }

    static string PathOf(ReadOnlySpan<byte> block)
    {
        string name = Text(block[..100]);
        return block.Slice(257, 6).SequenceEqual("ustar\0"u8) && Text(block.Slice(345, 155)) is { Length: > 0 } folder ? $"{folder}/{name}" : name;
    }

    static string Text(ReadOnlySpan<byte> field) => Encoding.UTF8.GetString(field.IndexOf((byte)0) is var end && end < 0 ? field : field[..end]);

    /// <summary>Octal digits, or GNU tar's big-endian number where the first bit is set; null where it is neither, negative, or beyond 63 bits.</summary>
    static long? Number(ReadOnlySpan<byte> field)
    {
        if (field[0] >= 0x80)
            return field[0] == 0x80 && field.Length > 8 && !field[1..^8].ContainsAnyExcept((byte)0) && BinaryPrimitives.ReadInt64BigEndian(field[^8..]) is >= 0 and var large ? large : null;
        long value = 0;
        foreach (byte digit in field.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
                return null;
            value = value * 8 + (digit - '0');
        }

        return value;
    }

    /// <summary>The sum of all bytes, those of the sum itself counted as spaces.</summary>
    static long Checksum(ReadOnlySpan<byte> block)
    {
        long sum = 8 * ' ';
        for (int i = 0; i < block.Length; i++)
            sum += i is >= 148 and < 156 ? 0 : block[i];
        return sum;
    }

    /// <summary>What the headers before a file's own say of it.</summary>
    sealed class Extension
    {
        internal string? Path { get; private set; }

        internal long? Size { get; private set; }

        internal bool Sparse { get; private set; }

        internal bool ReadLongName(ReadOnlySpan<byte> text)
        {
            Path ??= Text(text);
            return true;
        }

        /// <summary>Records "LENGTH KEY=VALUE\n", LENGTH counting all of it.</summary>
        internal bool ReadRecords(ReadOnlySpan<byte> text, bool forAll)
        {
            while (text.Length > 0)
            {
                int space = text.IndexOf((byte)' ');
                if (space is < 1 or > 10 || !int.TryParse(text[..space], out int length) || length <= space + 1 || length > text.Length || text[length - 1] != '\n')
                    return false;
                ReadOnlySpan<byte> record = text[(space + 1)..(length - 1)];
                text = text[length..];
                if (record.IndexOf((byte)'=') is not (> 0 and var equals))
                    return false;
                ReadOnlySpan<byte> key = record[..equals], value = record[(equals + 1)..];
                if (forAll && (key.SequenceEqual("path"u8) || key.SequenceEqual("size"u8)))
                    return false;
                if (key.SequenceEqual("path"u8))
                    Path = Encoding.UTF8.GetString(value);
                else if (key.SequenceEqual("size"u8))
                {
                    if (!long.TryParse(value, System.Globalization.NumberStyles.None, null, out long size))
                        return false;
                    Size = size;
                }
                else if (key.StartsWith("GNU.sparse"u8))
                    Sparse = true;
            }

            return true;
        }
    }
}
