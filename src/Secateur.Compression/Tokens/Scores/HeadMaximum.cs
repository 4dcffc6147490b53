using System.Numerics;
using Secateur.Kernels;

namespace Secateur.Compression.Tokens.Scores;

/// <summary>Sums of maxima over heads.</summary>
internal static class HeadMaximum
{
    /// <summary>For each of some columns, the sum over rows of the maximum over heads.</summary>
    /// <param name="heads">[rows, columns] each.</param>
    /// <param name="firstRow">Rows before this one are left out.</param>
    /// <param name="firstColumn">Column of <paramref name="sums"/>[0].</param>
    /// <param name="sums">One sum a column, in the order of the rows whatever the other columns are.</param>
    internal static void SumColumns(Matrix[] heads, int firstRow, int firstColumn, Span<float> sums)
    {
        Span<float> maximum = stackalloc float[sums.Length];
        sums.Clear();
        for (int i = firstRow; i < heads[0].Rows; i++)
        {
            heads[0].Row(i).Slice(firstColumn, sums.Length).CopyTo(maximum);
            for (int h = 1; h < heads.Length; h++)
                Raise(maximum, heads[h].Row(i).Slice(firstColumn, sums.Length));
            ClassAttentionScore.Add(maximum, sums);
        }
    }

    /// <summary>The sum over the features of one token of the maximum over heads.</summary>
    /// <param name="token">Head after head, [heads * headDim].</param>
    /// <param name="heads">How many.</param>
    internal static float Sum(ReadOnlySpan<float> token, int heads)
    {
        int dimension = token.Length / heads;
        Span<float> maximum = dimension <= 1024 ? stackalloc float[dimension] : new float[dimension];
        token[..dimension].CopyTo(maximum);
        for (int h = 1; h < heads; h++)
            Raise(maximum, token.Slice(h * dimension, dimension));
        return Sums.Of(maximum);
    }

    static void Raise(Span<float> maximum, ReadOnlySpan<float> x)
    {
        int c = 0;
        for (; c <= maximum.Length - Vector<float>.Count; c += Vector<float>.Count)
            Vector.Max(new Vector<float>(maximum[c..]), new Vector<float>(x[c..])).CopyTo(maximum[c..]);
        for (; c < maximum.Length; c++)
            maximum[c] = MathF.Max(maximum[c], x[c]);
    }
}
