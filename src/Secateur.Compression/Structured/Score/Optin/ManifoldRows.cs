using System.Collections.Immutable;
using Secateur.Kernels;

namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>Which token rows the manifold loss relates to each other: drawn once by a seed among the rows of all batches, so that all units see the
/// same ones (the released code draws again for each unit) and nothing depends on how sequences are cut into batches.</summary>
/// <param name="Of">Ascending rows of each batch, [batches].</param>
public sealed record ManifoldRows(ImmutableArray<ImmutableArray<int>> Of)
{
    /// <summary>Rows of all batches together.</summary>
    public int Count => Of.Sum(rows => rows.Length);

    /// <summary>Draws rows.</summary>
    /// <param name="calibration">From its tokens.</param>
    /// <param name="count">How many; all where there are no more.</param>
    /// <param name="seed">Of the draw.</param>
    /// <returns>Rows of each batch.</returns>
    public static ManifoldRows Draw(Calibration calibration, int count, int seed)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        int[] all = [.. Enumerable.Range(0, calibration.Batches.Sum(batch => batch.Tokens.Count))];
        if (count < all.Length)
            new Random(seed).Shuffle(all);
        int[] chosen = [.. all.Take(count).Order()];
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<int>>();
        int first = 0;
        foreach (CalibrationBatch batch in calibration.Batches)
        {
            int from = first, to = first + batch.Tokens.Count;
            rows.Add([.. chosen.Where(row => row >= from && row < to).Select(row => row - from)]);
            first = to;
        }

        return new(rows.ToImmutable());
    }

    /// <summary>Where the rows of a batch stand among those of all batches.</summary>
    /// <param name="batch">Which batch.</param>
    /// <returns>The first of them.</returns>
    public int First(int batch) => Of.Take(batch).Sum(rows => rows.Length);

    /// <summary>Copies the chosen rows of one batch, each scaled to length 1.</summary>
    /// <param name="batch">Which batch.</param>
    /// <param name="tokens">Its rows, [tokens, width].</param>
    /// <param name="features">Receives them among those of all batches, [<see cref="Count"/>, width].</param>
    public void Gather(int batch, Matrix tokens, Matrix features)
    {
        int to = First(batch);
        foreach (int row in Of[batch])
            Normalise(tokens.Row(row), features.Row(to++));
    }

    /// <summary>A row scaled to length 1; zeros stay zeros.</summary>
    internal static void Normalise(ReadOnlySpan<float> row, Span<float> unit)
    {
        double squares = 0;
        foreach (float x in row)
            squares += (double)x * x;
        double scale = squares > 0 ? 1 / Math.Sqrt(squares) : 0;
        for (int i = 0; i < row.Length; i++)
            unit[i] = (float)(row[i] * scale);
    }
}
