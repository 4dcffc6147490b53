namespace Secateur.Kernels;

/// <summary>A view of float rows in a buffer: [<see cref="Rows"/>, <see cref="Columns"/>], row-major, one row every <see cref="Stride"/> floats.</summary>
public readonly unsafe struct Matrix
{
    /// <summary>Views part of <paramref name="buffer"/>.</summary>
    /// <param name="buffer">Where the floats are.</param>
    /// <param name="offset">Index of the first float of the first row.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Floats in a row.</param>
    /// <param name="stride">Floats from one row's start to the next one's; at least <paramref name="columns"/>.</param>
    /// <exception cref="ArgumentException">The view does not lie in the buffer.</exception>
    public Matrix(AlignedBuffer buffer, int offset, int rows, int columns, int stride)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (offset < 0 || rows < 0 || columns < 0 || stride < columns
            || (rows > 0 && offset + ((long)(rows - 1) * stride) + columns > buffer.Length))
            throw new ArgumentException($"A view of [{rows}, {columns}] floats with stride {stride} from {offset} does not lie in a buffer of {buffer.Length}.");
        (Buffer, Offset, Rows, Columns, Stride) = (buffer, offset, rows, columns, stride);
    }

    /// <summary>A new matrix of zeros. The stride is padded so that rows start on cache lines and do not collide in the cache.</summary>
    public static Matrix Allocate(int rows, int columns)
    {
        int stride = PaddedStride(columns);
        return new(new AlignedBuffer(checked(Math.Max(rows, 1) * stride)), 0, rows, columns, stride);
    }

    /// <summary>The stride that <see cref="Allocate"/> gives rows of this many floats: whole cache lines, and never a multiple of
    /// 1 KB, where the rows of one tile would fall into the same sets of the first-level cache.</summary>
    public static int PaddedStride(int columns)
    {
        int stride = (columns + 15) / 16 * 16;
        return stride % 256 == 0 ? stride + 16 : stride;
    }

    /// <summary>Where the floats are.</summary>
    public AlignedBuffer Buffer { get; }

    /// <summary>Index of the first float.</summary>
    public int Offset { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Floats in a row.</summary>
    public int Columns { get; }

    /// <summary>Floats from one row's start to the next one's.</summary>
    public int Stride { get; }

    /// <summary>One row, [<see cref="Columns"/>].</summary>
    public Span<float> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows);
        return Buffer.Span.Slice(Offset + (row * Stride), Columns);
    }

    /// <summary>Rows [<paramref name="from"/>, <paramref name="from"/> + <paramref name="count"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are not all rows of this matrix.</exception>
    public Matrix SliceRows(int from, int count)
    {
        RequireInside(from, count, Rows);
        return new(Buffer, Offset + (from * Stride), count, Columns, Stride);
    }

    /// <summary>Columns [<paramref name="from"/>, <paramref name="from"/> + <paramref name="count"/>) of every row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are not all columns of this matrix.</exception>
    public Matrix SliceColumns(int from, int count)
    {
        RequireInside(from, count, Columns);
        return new(Buffer, Offset + from, Rows, count, Stride);
    }

    static void RequireInside(int from, int count, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)from, (uint)length, nameof(from));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(length - from), nameof(count));
    }

    internal float* Pointer => Buffer.Pointer + Offset;
}
