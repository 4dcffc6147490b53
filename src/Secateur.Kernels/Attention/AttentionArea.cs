using Secateur.Kernels.Simd;

namespace Secateur.Kernels;

/// <summary>Where a worker keeps one head of one sequence. Every part starts on a cache line; widths are whole registers.</summary>
/// <typeparam name="T">The register.</typeparam>
internal readonly unsafe struct AttentionArea<T>
    where T : unmanaged, ISimd<T>
{
    internal AttentionArea(AlignedBuffer buffer, int tokens, int dimension)
    {
        (Tokens, Dimension) = (tokens, dimension);
        KeyRegisters = Registers(tokens);
        ValueRegisters = Registers(dimension);
        ScoreStride = Matrix.PaddedStride(KeyRegisters * T.Count);
        Keys = buffer.Pointer;
        Values = Keys + Padded(KeyRegisters * T.Count * dimension);
        Bias = Values + Padded(ValueRegisters * T.Count * tokens);
        Queries = Bias + Padded(KeyRegisters * T.Count);
        Scores = Queries + Padded(Tile<T>.MaxRows * Width);
        Sums = Scores + (Tile<T>.MaxRows * ScoreStride);
        Factors = Sums + Padded(Tile<T>.MaxRows * Width);
    }

    internal int Tokens { get; }

    /// <summary>Columns of a head.</summary>
    internal int Dimension { get; }

    internal int KeyRegisters { get; }

    internal int ValueRegisters { get; }

    /// <summary>Columns of a head, rounded up to registers: the stride of queries and sums.</summary>
    internal int Width => ValueRegisters * T.Count;

    internal int ScoreStride { get; }

    /// <summary>Keys turned round, panel after panel of two registers (the last may be one): [dimension, keys of the panel].</summary>
    internal float* Keys { get; }

    /// <summary>Values, panel after panel of two registers (the last may be one): [tokens, columns of the panel].</summary>
    internal float* Values { get; }

    /// <summary>Added to the scores: the bias of each key in units of log 2, and minus infinity for the lanes after the last key.</summary>
    internal float* Bias { get; }

    /// <summary>Scaled queries of a block, [rows, <see cref="Width"/>].</summary>
    internal float* Queries { get; }

    /// <summary>Scores of a block, then their exponentials, [rows, <see cref="ScoreStride"/>].</summary>
    internal float* Scores { get; }

    /// <summary>Exponentials times values, [rows, <see cref="Width"/>].</summary>
    internal float* Sums { get; }

    /// <summary>One over the sum of each row's exponentials, [rows].</summary>
    internal float* Factors { get; }

    /// <summary>Floats that an area needs.</summary>
    internal static int Floats(int tokens, int dimension)
    {
        int keys = Registers(tokens) * T.Count, width = Registers(dimension) * T.Count;
        return checked(Padded(keys * dimension) + Padded(width * tokens) + Padded(keys) + (2 * Padded(Tile<T>.MaxRows * width))
            + (Tile<T>.MaxRows * Matrix.PaddedStride(keys)) + Padded(Tile<T>.MaxRows));
    }

    static int Registers(int floats) => (floats + T.Count - 1) / T.Count;

    static int Padded(int floats) => (floats + 15) / 16 * 16;
}
